"""Places of the peninsula by name: Hangul, Han, and Latin spellings beyond the standard romanisation.

The Revised Romanization of each Hangul name is worked out (`places`), so only
other spellings stand here. Sites and counties, not capitals: Seoul and
Pyongyang stand for governments as often as for places.
"""

from __future__ import annotations

# hangul: other spellings, separated by commas
PLACES: dict[str, str] = {
    "풍계리": "豊渓里,丰溪里,豐溪里,punggye,phunggye,пунгери,пхунгери", "영변": "寧辺,宁边,寧邊,yongbyon,йонбен",
    "동창리": "東倉里,东仓里,tongchang,sohae,西海衛星,西海卫星,서해위성,서해 위성,сохэ", "신포": "新浦,sinpo,синпхо", "원산": "元山,wonsan,вонсан",
    "순안": "順安,顺安,スナン,sunan,сунан", "강선": "降仙,kangson,кансон", "평산": "平山,pyongsan", "남포": "南浦,nampo,нампхо", "청진": "清津,淸津,chongjin,чхонджин",
    "함흥": "咸興,咸兴,hamhung,хамхын", "흥남": "興南,兴南,hungnam", "나선": "羅先,罗先,rason,rajin,나진,라선,라진,羅津,罗津,расон,раджин", "신의주": "新義州,新义州,sinuiju,синыйджу",
    "개성": "開城,开城,kaesong,кэсон", "금강산": "金剛山,金刚山,kumgang,кымган", "판문점": "板門店,板门店,panmunjom,пханмунджом", "해주": "海州,haeju", "사리원": "沙里院,sariwon",
    "혜산": "恵山,惠山,hyesan", "만포": "満浦,满浦,manpo", "삼지연": "三池淵,三池渊,samjiyon,самджиён", "갈마": "葛麻,kalma,кальма", "마식령": "馬息嶺,马息岭,masikryong",
    "양덕": "陽徳,阳德,yangdok", "무수단": "舞水端,musudan", "길주": "吉州,kilju", "명천": "明川,myongchon", "김책": "金策,kimchaek", "단천": "端川,tanchon", "회령": "会寧,会宁,hoeryong", "선덕": "宣徳,宣德,sondok", "온천": "온천비행장,onchon", "황주": "黄州,hwangju",
    "대관": "taegwan", "구성": "亀城,龟城,kusong", "희천": "熙川,huichon", "강계": "江界,kanggye", "안주": "安州,anju", "개천": "价川,kaechon", "장진": "長津,长津,changjin",
    "알섬": "alsom", "강동": "江東,kangdong", "상원": "sangwon", "백령도": "白翎島,白翎岛,baengnyeong,пэннёндо", "연평도": "延坪島,延坪岛,yeonpyeong,ёнпхёндо", "대청도": "大青島",
    "강화도": "江華島,江华岛,ganghwa", "파주": "坡州,paju", "연천": "漣川,涟川,yeoncheon", "철원": "鉄原,铁原,cheorwon", "화천": "華川,华川", "양구": "楊口,杨口", "고성": "高城", "속초": "束草",
    "강릉": "江陵", "동해시": "東海市", "삼척": "三陟", "울진": "蔚珍", "포항": "浦項,浦项", "경주": "慶州,庆州", "울산": "蔚山", "부산": "釜山,pusan", "창원": "昌原", "진해": "鎮海,镇海",
    "거제": "巨済,巨济,geoje", "통영": "統営,统营", "사천": "泗川", "진주": "晋州", "산청": "山清,山淸", "의성": "義城,义城", "하동": "河東,河东", "안동": "安東,安东", "청송": "青松",
    "영덕": "盈徳,盈德", "영양": "英陽,英阳", "영천": "永川", "구미": "亀尾,龟尾", "김천": "金泉", "상주": "尚州", "문경": "聞慶,闻庆", "영주": "栄州,荣州", "봉화": "奉化", "성주": "星州,seongju",
    "대구": "大邱,taegu", "대전": "大田", "세종시": "世宗市", "청주": "清州", "충주": "忠州", "제천": "堤川", "천안": "天安", "아산": "牙山", "서산": "瑞山", "태안": "泰安", "보령": "保寧,保宁",
    "군산": "群山", "익산": "益山", "전주": "全州", "정읍": "井邑", "남원": "南原", "광주": "光州,kwangju", "목포": "木浦", "여수": "麗水,丽水", "순천": "順天,顺天", "무안": "務安,务安", "화순": "和順,和顺", "나주": "羅州,罗州", "진도": "珍島,珍岛",
    "완도": "莞島", "제주": "済州,济州,cheju", "인천": "仁川,inchon", "김포": "金浦", "고양": "高陽,高阳", "평택": "平沢,平泽,pyeongtaek", "오산": "烏山,乌山,osan air", "수원": "水原,suwon",
    "화성시": "", "용인": "龍仁,龙仁", "이천": "利川", "포천": "抱川", "가평": "加平", "춘천": "春川,chuncheon", "원주": "原州", "홍천": "洪川", "인제": "麟蹄", "평창": "平昌", "태백": "太白", "영월": "寧越,宁越",
    "양양": "襄陽,襄阳", "대천": "大川", "성남": "城南", "안산": "安山", "동두천": "東豆川,东豆川", "의정부": "議政府", "임진각": "臨津閣,临津阁,imjingak", "칠곡": "漆谷", "합천": "陝川", "무주": "茂朱",
    "보스토치니": "ボストーチヌイ,东方航天,vostochny,восточн", "블라디보스토크": "ウラジオストク,符拉迪沃斯托克,海参崴,vladivostok,wladiwostok,владивосток",
    "하바롭스크": "khabarovsk,хабаровск,ハバロフスク,哈巴罗夫斯克", "쿠르스크": "kursk,курск,クルスク,库尔斯克", "단둥": "丹東,丹东,dandong,даньдун", "다롄": "大連,大连,dalian",
    "하노이": "ハノイ,河内,hanoi,ханой,hà nội", "싱가포르": "シンガポール,新加坡,singapore,сингапур,singapur", "스톡홀름": "stockholm,ストックホルム,斯德哥尔摩,стокгольм",
    "제네바": "geneva,ジュネーブ,日内瓦,женев,genf,ginebra", "빈": "ウィーン,维也纳,vienna,wien$,viena", "모스크바": "moscow,モスクワ,莫斯科,москв,moscou,moskau,moscu,moskva",
    "베이징": "beijing,北京,peking,pekin,пекин,bắc kinh", "워싱턴": "washington,ワシントン,华盛顿,華盛頓,вашингтон", "도쿄": "tokyo,東京,东京,токио,tokio", "뉴욕": "new york,ニューヨーク,纽约,紐約,нью-йорк,nueva york",
    "울란바토르": "ulaanbaatar,ulan bator,ウランバートル,乌兰巴托,улан-батор", "자카르타": "jakarta,ジャカルタ,雅加达,джакарт", "방콕": "bangkok,バンコク,曼谷,бангкок",
}  # fmt: skip
# Cities in which talks are held name governments too, so they only keep two *meetings* apart.
CAPITALS = frozenset({"모스크바", "베이징", "워싱턴", "도쿄", "뉴욕", "하노이", "싱가포르"})
