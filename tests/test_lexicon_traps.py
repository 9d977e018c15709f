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
        (
            "Kim Yo Jong dismissed Seoul's offer to suspend loudspeaker broadcasts along the border.",
            "kim-yo-jong seoul dmz-incident",
        ),
        (
            "Workers dismantle the family reunion centre at Mount Kumgang, the Unification Ministry said.",
            "kumgang family-reunions unification-ministry",
        ),
        ("Yonsei graduate opens a vegan bakery in Lisbon.", ""),
        ("The Moon will pass in front of Venus on Thursday night.", ""),
        (
            "Russia's ambassador Alexander Matsegora praised Korean People's Army soldiers in Kursk.",
            "alexander-matsegora kpa kursk",
        ),
        ("Singapore summit on green finance draws bankers from forty countries.", ""),
        ("The two Koreas restored military hotlines after a year of silence.", "korean-peninsula"),
        (
            "Investigators say Kimsuky phishing emails targeted think tanks in Washington.",
            "lazarus-group cyber usa",
        ),
        (
            "Lee Jae-myung's approval rating slips as Democratic Party of Korea braces for local elections",
            "lee-jae-myung rok-parties",
        ),
        (
            "Biegun arrived in Seoul hoping Choe Son Hui would meet him at Panmunjom.",
            "stephen-biegun seoul choe-son-hui panmunjom",
        ),
        (
            "UN Security Council fails to agree on new sanctions after Hwasong-15 launch",
            "un-security-council sanctions hwasong",
        ),
        ("North Macedonia and the Republic of the Congo signed a visa waiver.", ""),
        ("Kim Min-seok scored twice as the club went top of the table.", ""),
        (
            "IAEA chief Grossi warns of rising enrichment at Yongbyon and Kangson.",
            "iaea rafael-grossi yongbyon kangson",
        ),
        ("He sold his collection of Joseon white porcelain at auction.", ""),
        ("A striker from Busan joined the Premier League side on loan.", ""),
        (
            "US and South Korea agree to scale back Freedom Shield field drills",
            "usa south-korea military-exercise",
        ),
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
        (
            "김정은 국무위원장이 러시아 파병 군인들에게 훈장을 수여했다고 노동신문이 보도했다.",
            "kim-jong-un russia rodong-sinmun troop-deployment",
        ),
        ("한미 연합연습 을지 자유의 방패가 18일 시작된다.", "military-exercise"),
        ("국정원은 김주애가 사실상 후계자로 내정된 것으로 판단했다.", "nis kim-ju-ae succession"),
        ("함흥냉면 맛집을 찾아 속초로 떠난 미식가들", ""),
        ("전쟁 뒤 남북전쟁 기념관을 세운 미국 남부 도시", ""),
        ("대북전단 살포를 막는 법안이 국회를 통과했다.", "dmz-incident"),
        (
            "유엔 안보리는 북한의 정찰위성 발사를 규탄했다.",
            "un-security-council north-korea satellite-launch",
        ),
        ("김성 유엔주재 북한대사는 제재 해제를 요구했다.", "kim-song north-korea un sanctions"),
        ("비건 화장품 시장이 빠르게 성장하고 있다.", ""),
        ("개성 만점 청년들이 모인 골목 축제", ""),
        ("서훈 전 국가안보실장이 법정에 출석했다.", "suh-hoon"),
        ("독립유공자 서훈이 취소된 사례가 또 나왔다.", ""),
        ("中 왕이 외교부장, 평양 방문…최선희와 회담", "wang-yi pyongyang choe-son-hui china-dprk"),
        ("북중러 정상이 베이징 열병식에서 나란히 섰다.", "china"),
        (
            "정동영 통일부 장관은 9·19 군사합의 복원을 추진하겠다고 밝혔다.",
            "chung-dong-young unification-ministry pyongyang-summit-2018",
        ),
        ("사드 후작의 소설을 다룬 강연이 열린다.", ""),
        ("트럼프 “김정은과 다시 만날 것”…북미 대화 재개되나", "donald-trump kim-jong-un us-dprk-talks"),
        ("단둥에서 신의주로 가는 국제열차가 6년 만에 운행을 재개했다.", "dandong sinuiju"),
        ("이란 외무장관이 테헤란에서 기자회견을 열었다.", ""),
        ("조선소 인력난에 외국인 용접공이 늘었다.", ""),
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
        (
            "北朝鮮が日本海に向けて弾道ミサイルを発射、防衛省が発表した。",
            "north-korea east-sea missile-test",
        ),
        ("金正恩総書記の娘とされる少女が軍事パレードに出席した。", "kim-jong-un"),
        (
            "日韓首脳会談は釜山で開かれ、高市首相と李在明大統領が共同発表した。",
            "japan-korea sanae-takaichi lee-jae-myung summit",
        ),
        ("開城工業団地の南北共同連絡事務所が爆破された。", "kaesong inter-korean"),
        ("無血開城の立役者をたどる歴史ツアーが人気だ。", ""),
        ("桂米朝の孫弟子が真打ちに昇進した。", ""),
        ("前日朝からの雨で川の水位が上がった。", ""),
        ("韓国料理店で出された冷麺が評判だ。", ""),
        ("横田めぐみさんの拉致から四十年余り、家族は帰国を待ち続ける。", "abductions"),
        (
            "国連安保理の専門家パネルは北朝鮮の制裁逃れを指摘した。",
            "un-security-council north-korea sanctions-evasion",
        ),
        ("朝鮮総連の施設をめぐる訴訟で判決が出た。", "chongryon"),
        ("プーチン大統領が訪朝し、ロ朝条約に署名した。", "vladimir-putin russia-dprk north-korea"),
        ("トランプ氏は板門店で正恩氏と会う意向を示した。", "donald-trump panmunjom kim-jong-un"),
        ("金星が明け方の東の空で輝いている。", ""),
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
        ("朝中社报道，金正恩视察咸镜南道的工厂。", "kcna kim-jong-un south-hamgyong"),
        ("六方会谈何时重启，美方代表比根未予置评。", "six-party stephen-biegun"),
        ("南韓前總統尹錫悅因戒嚴案被判無期徒刑。", "yoon-suk-yeol martial-law-2024 south-korea"),
        ("他们在清朝中期迁到这个村子。", ""),
        ("火星2020任务传回第一张照片。", ""),
        ("金星科技公司发布年度报告。", ""),
        ("这家韩国料理店在台北韓國街开业。", ""),
        (
            "朝鲜向俄罗斯派兵，乌克兰称在库尔斯克俘虏两名朝鲜士兵。",
            "north-korea russia ukraine kursk troop-deployment",
        ),
        ("习近平会见朝鲜外务相崔善姬。", "xi-jinping choe-son-hui"),
        ("北京时间今天凌晨，平壤试射高超音速导弹。", "pyongyang missile-test"),
        ("摆脱北方寒潮后气温回升。", ""),
        ("联合国安理会就朝鲜人权问题举行会议。", "un-security-council north-korea human-rights"),
        ("韓美啟動自由護盾演習，北韓揚言報復。", "military-exercise north-korea"),
        ("美韩关税谈判达成协议，韩国总统府表示欢迎。", "usa south-korea"),
        ("朝鲜蓟配奶酪是地中海名菜。", ""),
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
        (
            "Mỹ và Triều Tiên nối lại đàm phán hạt nhân tại Stockholm.",
            "usa north-korea us-dprk-talks stockholm",
        ),
        (
            "Tổng thống Hàn Quốc Yoon Suk Yeol bị luận tội vì thiết quân luật.",
            "south-korea yoon-suk-yeol martial-law-2024",
        ),
        ("Quân đội Triều Tiên phóng tên lửa hành trình ra Hoàng Hải.", "north-korea"),
        ("Ca sĩ Hàn Quốc tổ chức concert tại Hà Nội.", ""),
        (
            "Hội nghị thượng đỉnh Hà Nội giữa ông Trump và ông Kim Jong-un kết thúc không có thỏa thuận.",
            "hanoi-summit donald-trump kim-jong-un",
        ),
        ("Liên hợp quốc lo ngại về nhân quyền tại CHDCND Triều Tiên.", "un human-rights north-korea"),
        ("Trận hải chiến trên sông Bạch Đằng dưới triều Trần.", ""),
        ("Xe khách Bắc - Nam tăng chuyến dịp Tết.", ""),
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
        (
            "Пхеньян осудил учения США и Южной Кореи «Щит свободы».",
            "pyongyang usa south-korea military-exercise",
        ),
        ("Лавров встретился с Чхве Сон Хи в Вонсане.", "choe-son-hui wonsan"),
        ("Совбез ООН обсудил запуск баллистической ракеты КНДР.", "un-security-council north-korea"),
        ("В Казахстане парламент РК принял закон о волонтёрах.", ""),
        ("Ким Ё Чжон назвала заявления Сеула глупостью.", "kim-yo-jong seoul"),
        ("Президент Республики Корея Ли Чжэ Мён прибыл в Вашингтон.", "south-korea lee-jae-myung usa"),
        ("Корейская косметика подорожала на четверть.", ""),
        ("Северные ветры принесут похолодание на Урал.", ""),
        ("Трамп заявил, что готов к встрече с Ким Чен Ыном.", "donald-trump kim-jong-un"),
        ("Магазин корейской моды открылся в Казани.", ""),
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
        (
            "Kim Yo-jong met en garde la Corée du Sud contre la reprise des haut-parleurs.",
            "kim-yo-jong south-korea",
        ),
        ("L'AIEA s'inquiète de l'activité du réacteur de Yongbyon.", "iaea yongbyon"),
        (
            "Le Conseil de sécurité condamne l'essai nucléaire nord-coréen.",
            "un-security-council nuclear-test north-korea",
        ),
        ("Le film coréen primé à Cannes sort en salles mercredi.", ""),
        ("Le vent du Nord soufflera sur la vallée du Rhône.", ""),
        ("Des transfuges nord-coréens témoignent devant l'ONU.", "refugees-defectors un"),
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
        ("Nord- und Südkorea vereinbaren Wiedereröffnung des Verbindungsbüros.", "south-korea"),
        (
            "Kim Jong Uns Schwester Kim Yo Jong weist Seouls Angebot zurück.",
            "kim-jong-un kim-yo-jong seoul",
        ),
        (
            "UN-Sicherheitsrat berät über nordkoreanischen Raketentest.",
            "un-security-council north-korea missile-test",
        ),
        ("Der Rover erkundet den Mars, die Venus folgt 2031.", ""),
        ("Ex-Präsident Yoon Suk-yeol wegen Aufruhrs verurteilt.", "yoon-suk-yeol"),
        ("Die Nordsee-Fähre fällt wegen Sturms aus.", ""),
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
        ("Kim Jong-un ordena ampliar el arsenal nuclear de Corea del Norte.", "kim-jong-un north-korea"),
        ("Las dos Coreas intercambian disparos en la zona desmilitarizada.", "korean-peninsula dmz"),
        ("La ONU denuncia ciberataques norcoreanos contra bancos.", "un north-korea cyber"),
        ("La comida coreana conquista Madrid.", ""),
        ("El norte de España espera lluvias intensas.", ""),
        ("Putin y Kim firman en Pionyang un tratado de defensa mutua.", "vladimir-putin pyongyang"),
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
