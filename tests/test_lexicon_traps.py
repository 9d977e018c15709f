"""Sentences that look like the peninsula and are not, and the other way round.

Written for this project, at least eight in each language. Each says whether it
is about Korea and which concepts a reader would expect to see.
"""

from pathlib import Path

import pytest

from models.lexicon import Lexicon, load

SEEDS = Path(__file__).parents[1] / "seeds" / "lexicon"

# fmt: off
TRAPS: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("Kim Jongun inspected a shipyard at Sinpho, KCNA said.", "kim-jong-un kcna"),
        ("N. Korean envoy storms out of talks as Seoul urges calm", "north-korea seoul"),
        ("A ferry crossed the North Sea while the South of France baked in the heat.", ""),
        ("The rescue dog Kim was found asleep beside the moon gate.", ""),
        (
            "Trump says he would meet Chairman Kim again, but Pyongyang stays silent.",
            "donald-trump pyongyang kim-jong-un",
        ),
        ("The Blue House Cafe on Elm Street has new owners.", ""),
        ("Cheong Wa Dae welcomed the ruling of the Constitutional Court.", "blue-house"),
        ("Iran's supreme leader rejected a Libya model for his country's nuclear program.", ""),
        ("DPRK's Hwasong-17 ICBM flew for 71 minutes, the JCS said.", "north-korea hwasong icbm rok-jcs"),
        ("Hackers of the Lazarus Group stole $40 million in crypto, the FBI says.", "lazarus-group cyber"),
        ("Doctors treated the boy for Sydenham's chorea after rheumatic fever.", ""),
        ("South Korean firms weigh new tariffs after the US deal.", "south-korea trade usa"),
        ("#NorthKorea fires two missiles into #EastSea", "north-korea missile-test"),
        (
            "YOON TO APPEAL LIFE SENTENCE OVER MARTIAL LAW DECREE IN SOUTH KOREA",
            "yoon-suk-yeol south-korea martial-law-2024",
        ),
        ("Her novel follows a spy from the Austro-Hungarian north to the Italian south.", ""),
    ],
    "ko": [
        (
            "최선희 외무상은 푸틴 대통령을 만나 북·러 조약을 논의했다.",
            "choe-son-hui vladimir-putin russia-dprk",
        ),
        ("정부가 원산지 표시를 어긴 음식점 스무 곳을 적발했다.", ""),
        ("나선형 계단을 오르면 은하수가 보이는 전망대가 나온다.", ""),
        ("김여정부부장의 담화에 통일부는 유감을 표했다.", "kim-yo-jong unification-ministry"),
        ("남한산성 둘레길과 북한강 자전거길이 주말마다 붐빈다.", ""),
        ("조현병 환자를 돕는 센터가 문을 열었다.", ""),
        ("북미 지역 매출이 크게 늘면서 주가가 올랐다.", ""),
        ("풍계리 갱도에서 움직임이 포착됐다고 38노스가 분석했다.", "punggye-ri 38-north"),
        ("러시아에 파병된 북한군이 쿠르스크에서 철수했다.", "kpa russia kursk"),
        ("주북한 러시아대사관은 평양 시내 행사를 공개했다.", "north-korea russia pyongyang"),
        ("한 일 년쯤 지나서야 한 미술관이 그 그림을 샀다.", ""),
        ("로동신문은 리설주가 공연을 봤다고 보도했다.", "rodong-sinmun ri-sol-ju"),
        ("속이 더부룩하고 거북한데도 출근했다는 직장인이 많다.", ""),
        ("화성시 동탄에서 빵집을 연 부부의 이야기다.", ""),
        ("北美 정상이 하노이에서 만났지만 합의는 없었다.", "us-dprk-talks hanoi"),
        ("北 “화성-20형 엔진 시험 성공” 주장", "north-korea hwasong engine-test"),
        ("개성이 뚜렷한 신인들의 무대가 이어졌다.", ""),
        ("(서울=연합뉴스) 이영희 기자 = 프랑스 총리가 사임했다.", ""),
        ("금강산도 식후경이라며 시장부터 찾은 여행객들", ""),
    ],
    "ja": [
        (
            "朝米首脳会談の再開に向け、平壌が書簡を送ったと朝鮮中央通信が伝えた。",
            "us-dprk-talks pyongyang kcna",
        ),
        ("毎日朝食を抜くと集中力が落ちるという調査結果が出た。", ""),
        ("駅の北側出口に新しいパン屋が開店した。", ""),
        ("キム・ヨジョン氏が日本との対話に触れた談話を出した。", "kim-yo-jong japan"),
        ("李氏朝鮮時代の白磁を集めた展覧会が大阪で始まる。", ""),
        ("拉致被害者の家族が首相に早期の日朝会談を求めた。", "abductions japan-korea"),
        ("火星の地下に液体の水があるとの論文が発表された。", ""),
        ("韓国大統領府は戒厳令をめぐる裁判について論評を避けた。", "blue-house"),
        ("脱北者団体が南北軍事境界線の近くでビラを飛ばした。", "refugees-defectors dmz"),
        ("ｷﾑｼﾞｮﾝｳﾝ総書記がロシアを訪れ、プーチン大統領と会った。", "kim-jong-un russia vladimir-putin"),
        ("ソウルフルな歌声で知られる歌手の新譜が出た。", ""),
        ("朝鮮人参入りの入浴剤が人気だ。", ""),
    ],
    "zh": [
        ("金与正发表谈话，抨击韩美联合军演。", "kim-yo-jong military-exercise"),
        ("今朝鲜少有人记得那场大火。", ""),
        ("他在明朝中叶的县志里找到了祖先的名字。", ""),
        ("南韓總統李在明訪問華盛頓，與川普會談。", "lee-jae-myung usa donald-trump"),
        ("朝鲜冷面和泡菜成了这家小店的招牌。", ""),
        ("上级统一部署，各地开展防汛检查。", ""),
        ("北韓飛彈落入日本海，東京提出抗議。", "north-korea east-sea japan"),
        ("中朝两国外长在北京举行会谈。", "china-dprk china"),
        ("湖北韩先生开的书店获得好评。", ""),
        ("脱北者讲述渡过图们江的经历。", "refugees-defectors yalu-tumen"),
        ("火星-18型洲际弹道导弹再次试射，平壤称是自卫。", "hwasong icbm pyongyang"),
        ("韓國瑜在立法院主持會議。", ""),
        ("板门店会晤六周年，开城工业园仍未重启。", "panmunjom kaesong"),
    ],
    "vi": [
        ("Kim Jong-un thị sát nhà máy đạn pháo, theo hãng tin KCNA.", "kim-jong-un kcna"),
        ("Chủ tịch Triều Tiên gặp Tổng thống Nga tại Bắc Kinh.", "north-korea russia china"),
        ("Du khách check-in bên sông Hàn và cầu Rồng ở Đà Nẵng.", ""),
        ("Ngư dân bám biển Đông giữa mùa gió bấc.", ""),
        ("Hàn Quốc và Mỹ bắt đầu tập trận chung, Bình Nhưỡng phản đối.", "south-korea usa pyongyang"),
        ("Món kim chi và mì lạnh hút khách trong phố Hàn Quốc.", ""),
        ("Bán đảo Triều Tiên căng thẳng sau vụ phóng vệ tinh.", "korean-peninsula satellite-launch"),
        ("Đại sứ Mỹ thăm khu phi quân sự ở Bàn Môn Điếm.", "usa panmunjom"),
        ("Thợ hàn bậc cao được trả lương cả triệu đồng mỗi ngày.", ""),
        ("Triều đình nhà Nguyễn từng cho đúc chín khẩu đại bác.", ""),
        ("Triều Tiên dọa xóa bỏ thỏa thuận quân sự liên Triều.", "north-korea"),
    ],
    "ru": [
        ("Ким Чен Ына пригласили в Москву на парад, сообщили в Кремле.", "kim-jong-un russia"),
        ("Северокорейские солдаты разминируют поля в Курской области России.", "north-korea kursk russia"),
        ("Рецепт моркови по-корейски: быстро и без лишнего масла.", ""),
        ("Парламент Южной Кореи одобрил импичмент президента.", "south-korea domestic-politics-rok"),
        ("Анита Цой выпустила новый альбом.", ""),
        ("Бюджет Республики Карелия обсудили в Петрозаводске.", ""),
        ("КНДР провела ядерное испытание на полигоне Пунгери.", "north-korea nuclear-test punggye-ri"),
        ("Делегация КНР прибыла в Астану для переговоров о транзите.", ""),
        ("Жители Крайнего Севера получат новые льготы.", ""),
        ("В Сеуле прошли переговоры спецпредставителей по КНДР.", "seoul north-korea"),
        ("Цой Сон Хи обсудила с Лавровым поставки боеприпасов из КНДР.", "choe-son-hui north-korea"),
    ],
    "fr": [
        ("Séoul accuse Pyongyang d'avoir tiré deux missiles vers la mer de l'Est.", "seoul pyongyang"),
        ("Les soldats nord-coréens déployés à Koursk auraient subi de lourdes pertes.", "north-korea"),
        ("La gare du Nord fermée après une alerte au colis suspect.", ""),
        ("Le président sud-coréen destitué devant la Cour constitutionnelle.", "south-korea"),
        ("La RDC et le Rwanda reprennent les pourparlers.", ""),
        ("Une série coréenne bat des records d'audience.", ""),
        ("Kim Jong Un reçoit une délégation russe, selon l'agence KCNA.", "kim-jong-un kcna"),
        ("La RPDC rejette la résolution de l'ONU.", "north-korea un"),
        ("Le barbecue coréen s'invite dans les cuisines de banlieue.", ""),
    ],
    "de": [
        ("Nordkorea feuert Kurzstreckenraketen ins Japanische Meer.", "north-korea east-sea"),
        ("Südkoreas Präsident Lee Jae Myung reist nach Washington.", "south-korea lee-jae-myung usa"),
        ("Das Blaue Haus am Marktplatz wird saniert.", ""),
        (
            "Pjöngjangs Atomprogramm beschäftigt den UN-Sicherheitsrat.",
            "pyongyang un-security-council nuclear-program",
        ),
        ("Koreanische Küche für Anfänger: Kimchi selbst gemacht.", ""),
        ("Die Koreatanne eignet sich auch für kleine Gärten.", ""),
        ("Nordkoreanische Hacker erbeuten Kryptowährung in Rekordhöhe.", "north-korea cyber"),
        ("Am Nordkap und an der Nordsee drohen Sturmböen.", ""),
        ("Machthaber Kim Jong Un droht Seoul mit Vergeltung.", "kim-jong-un seoul"),
    ],
    "es": [
        ("Corea del Norte lanza un misil balístico, según Seúl.", "north-korea missile-test seoul"),
        ("La Casa Azul de Frida Kahlo amplía su horario en Coyoacán.", ""),
        ("El líder norcoreano visitó una fábrica de armas.", "north-korea kim-jong-un"),
        ("Surcorea destituye a su presidente por la ley marcial.", "south-korea"),
        ("Pacientes con corea de Huntington piden más investigación.", ""),
        ("El restaurante coreano del barrio ofrece menú del día.", ""),
        ("Hackers norcoreanos robaron criptomonedas, dice la ONU.", "north-korea un cyber"),
        ("Chick Corea recibió un homenaje póstumo en el festival de jazz.", ""),
        ("Trump y Kim Jong-un podrían reunirse en Panmunjom.", "donald-trump kim-jong-un panmunjom"),
    ],
}
# fmt: on


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load({path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.toml")})


@pytest.mark.parametrize("language", TRAPS)
def test_a_reader_of_this_language_is_not_fooled(lexicon: Lexicon, language: str) -> None:
    wrong = []
    for sentence, expected in TRAPS[language]:
        reading = lexicon.read(sentence, "", language)
        missing = set(expected.split()) - set(reading.concepts)
        if reading.korea is not bool(expected) or missing:
            wrong.append((sentence, sorted(missing), reading.korea, reading.why))
    assert wrong == []


@pytest.mark.parametrize("language", TRAPS)
def test_a_feed_without_a_language_is_read_all_the_same(lexicon: Lexicon, language: str) -> None:
    wrong = [
        (sentence, lexicon.read(sentence, "").language)
        for sentence, expected in TRAPS[language]
        if lexicon.read(sentence, "").korea is not bool(expected)
    ]
    assert wrong == []
