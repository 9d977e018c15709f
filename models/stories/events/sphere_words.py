"""Words of the spheres of life in which people of one name stand, in nine languages.

Forms are regular expressions on folded text (no case, no accents); in alphabets each
begins a word and takes any ending.
"""

from __future__ import annotations

SPHERES: dict[str, dict[str, str]] = {
    "show": {
        "en": r"actress|actor|singer|musical\b|album|k-?pop|sitcom|box office|idol|co-?stars?\b|lead role|soap opera|rapper|"
        r"comedian|variety show",
        "ko": r"배우|가수|주연|예능|뮤지컬|앨범|컴백|소속사|아이돌|래퍼|개그맨|드라마|안방극장",
        "ja": r"俳優|女優|歌手|主演|アルバム|ミュージカル|バラエティ|アイドル|芸人|連続ドラマ|所属事務所",
        "zh": r"演员|演員|女星|男星|歌手|主演|综艺|綜藝|专辑|專輯|音乐剧|音樂劇|电视剧|電視劇|经纪公司",
        "vi": r"dien vien|ca si|phim truyen hinh|nhac kich|nam chinh|nu chinh",
        "ru": r"актрис|актер|певец|певиц|сериал|альбом|мюзикл|рэпер",
        "fr": r"actrice|acteur|chanteu[rs]|album|comedie musicale|feuilleton|rappeu[rs]",
        "de": r"schauspieler|sanger|album|musical\b|fernsehserie|rapper",
        "es": r"actriz|actor\b|actores\b|cantante|album|telenovela|rapero",
    },
    "sport": {
        "en": r"fc\b|striker|midfielder|goalkeeper|head coach|playoffs?\b|innings|home runs?\b|halftime|championship|"
        r"k league|medall?ist|pitcher|golfer",
        "ko": r"fc|선수|리그|역전승|역전패|득점|홈런|결승골|연장전|감독|메달|타자|투수|골퍼",
        "ja": r"fc|選手|リーグ|逆転勝|得点|本塁打|決勝点|監督|メダル|投手|ゴルファー",
        "zh": r"球队|球隊|球员|球員|联赛|聯賽|逆转胜|进球|進球|主教练|教練|奖牌|獎牌|选手|選手",
        "vi": r"cau thu|huan luyen vien|ghi ban|giai vo dich|huy chuong",
        "ru": r"футболист|нападающ|полузащитник|вратар|тренер|чемпионат|медал",
        "fr": r"footballeu|attaquant|gardien de but|entraineu|championnat|medaill",
        "de": r"fussballer|sturmer|torwart|bundesliga|trainer\b|meisterschaft|medaille",
        "es": r"futbolista|delantero|portero|entrenador|campeonato|medalla",
    },
    "learning": {
        "en": r"professor|scholar|physicist|chemist|historian|learned society|thesis",
        "ko": r"교수|학회|학술|논문|박사과정|총장",
        "ja": r"教授|学会|論文|学長",
        "zh": r"教授|学会|學會|论文|論文|院士",
        "vi": r"giao su|nha khoa hoc|luan an",
        "ru": r"профессор|академик|диссертац|физик\b|историк",
        "fr": r"professeu|chercheu|physicien|historien|these\b",
        "de": r"professor|forscher|physiker|historiker|dissertation",
        "es": r"profesor|catedratic|investigador|fisico\b|historiador",
    },
    "state": {
        "en": r"leader|president|prime minister|minist|parliament|lawmaker|government|military|army|troops|soldier|missile|"
        r"state media|kcna|joint chiefs|diplomat|summit|warship|sister of|nuclear|politburo|party|sanction|envoy",
        "ko": r"대통령|총리|장관|국무위원장|총비서|노동당|조선중앙|중앙통신|노동신문|합참|국방|외무성|외교부|통일부|미사일|정부|"
        r"국회|여당|야당|정상회담|담화|핵|군함|구축함|부부장|특사",
        "ja": r"大統領|首相|大臣|外相|国防|総書記|国務委員長|労働党|朝鮮中央|労働新聞|参謀本部|ミサイル|政府|国会|与党|野党|"
        r"首脳|談話|核|駆逐艦|副部長|特使",
        "zh": r"总统|總統|总理|總理|部长|部長|外长|外長|国防|國防|总书记|總書記|劳动党|勞動黨|朝中社|朝鲜中央|参谋|參謀|导弹|飛彈|"
        r"政府|国会|國會|首脑|談話|谈话|核|驱逐舰|驅逐艦|领导人|領導人",
        "vi": r"tong thong|thu tuong|bo truong|quan doi|ten lua|chinh phu|quoc hoi|lanh dao|hat nhan|thuong dinh",
        "ru": r"президент|премьер|министр|парламент|депутат|правительств|военн|армия|ракет|цтак|лидер|саммит|ядерн|санкци",
        "fr": r"president|premier ministre|ministre|parlement|depute|gouvernement|armee|militaire|missile|dirigeant|sommet|"
        r"nucleaire|sanction",
        "de": r"prasident|premier|minister|parlament|abgeordnet|regierung|militar|armee|rakete|machthaber|gipfel|atom|sanktion",
        "es": r"president|primer ministro|ministr|parlamento|diputad|gobierno|ejercito|militar|misil|lider|cumbre|nuclear|"
        r"sancion",
    },
}
