"""Words of the spheres of life in which people of one name stand, in nine languages.

Forms are written as in folded text (no case, no accents); in alphabets each begins a
word and takes any ending, or none after `$`.
"""

from __future__ import annotations

SPHERES: dict[str, dict[str, str]] = {
    "show": {
        "en": "actress|actor|singer|musical$|album|k-pop|kpop|sitcom|box office|idol|co-star$|co-stars$|costar$|costars$|lead role|soap opera|rapper|"
        "comedian|variety show",
        "ko": "배우|가수|주연|예능|뮤지컬|앨범|컴백|소속사|아이돌|래퍼|개그맨|드라마|안방극장",
        "ja": "俳優|女優|歌手|主演|アルバム|ミュージカル|バラエティ|アイドル|芸人|連続ドラマ|所属事務所",
        "zh": "演员|演員|女星|男星|歌手|主演|综艺|綜藝|专辑|專輯|音乐剧|音樂劇|电视剧|電視劇|经纪公司",
        "vi": "dien vien|ca si|phim truyen hinh|nhac kich|nam chinh|nu chinh",
        "ru": "актрис|актер|певец|певиц|сериал|альбом|мюзикл|рэпер",
        "fr": "actrice|acteur|chanteur|chanteus|album|comedie musicale|feuilleton|rappeur|rappeus",
        "de": "schauspieler|sanger|album|musical$|fernsehserie|rapper",
        "es": "actriz|actor$|actores$|cantante|album|telenovela|rapero",
    },
    "sport": {
        "en": "fc$|striker|midfielder|goalkeeper|head coach|playoff$|playoffs$|innings|home run$|home runs$|halftime|championship|"
        "k league|medalist|medallist|pitcher|golfer",
        "ko": "fc|선수|리그|역전승|역전패|득점|홈런|결승골|연장전|감독|메달|타자|투수|골퍼",
        "ja": "fc|選手|リーグ|逆転勝|得点|本塁打|決勝点|監督|メダル|投手|ゴルファー",
        "zh": "球队|球隊|球员|球員|联赛|聯賽|逆转胜|进球|進球|主教练|教練|奖牌|獎牌|选手|選手",
        "vi": "cau thu|huan luyen vien|ghi ban|giai vo dich|huy chuong",
        "ru": "футболист|нападающ|полузащитник|вратар|тренер|чемпионат|медал",
        "fr": "footballeu|attaquant|gardien de but|entraineu|championnat|medaill",
        "de": "fussballer|sturmer|torwart|bundesliga|trainer$|meisterschaft|medaille",
        "es": "futbolista|delantero|portero|entrenador|campeonato|medalla",
    },
    "learning": {
        "en": "professor|scholar|physicist|chemist|historian|learned society|thesis",
        "ko": "교수|학회|학술|논문|박사과정|총장",
        "ja": "教授|学会|論文|学長",
        "zh": "教授|学会|學會|论文|論文|院士",
        "vi": "giao su|nha khoa hoc|luan an",
        "ru": "профессор|академик|диссертац|физик$|историк",
        "fr": "professeu|chercheu|physicien|historien|these$",
        "de": "professor|forscher|physiker|historiker|dissertation",
        "es": "profesor|catedratic|investigador|fisico$|historiador",
    },
    "state": {
        "en": "leader|president|prime minister|minist|parliament|lawmaker|government|military|army|troops|soldier|missile|"
        "state media|kcna|joint chiefs|diplomat|summit|warship|sister of|nuclear|politburo|party|sanction|envoy",
        "ko": "대통령|총리|장관|국무위원장|총비서|노동당|조선중앙|중앙통신|노동신문|합참|국방|외무성|외교부|통일부|미사일|정부|"
        "국회|여당|야당|정상회담|담화|핵|군함|구축함|부부장|특사",
        "ja": "大統領|首相|大臣|外相|国防|総書記|国務委員長|労働党|朝鮮中央|労働新聞|参謀本部|ミサイル|政府|国会|与党|野党|"
        "首脳|談話|核|駆逐艦|副部長|特使",
        "zh": "总统|總統|总理|總理|部长|部長|外长|外長|国防|國防|总书记|總書記|劳动党|勞動黨|朝中社|朝鲜中央|参谋|參謀|导弹|飛彈|"
        "政府|国会|國會|首脑|談話|谈话|核|驱逐舰|驅逐艦|领导人|領導人",
        "vi": "tong thong|thu tuong|bo truong|quan doi|ten lua|chinh phu|quoc hoi|lanh dao|hat nhan|thuong dinh",
        "ru": "президент|премьер|министр|парламент|депутат|правительств|военн|армия|ракет|цтак|лидер|саммит|ядерн|санкци",
        "fr": "president|premier ministre|ministre|parlement|depute|gouvernement|armee|militaire|missile|dirigeant|sommet|"
        "nucleaire|sanction",
        "de": "prasident|premier|minister|parlament|abgeordnet|regierung|militar|armee|rakete|machthaber|gipfel|atom|sanktion",
        "es": "president|primer ministro|ministr|parlamento|diputad|gobierno|ejercito|militar|misil|lider|cumbre|nuclear|"
        "sancion",
    },
}
