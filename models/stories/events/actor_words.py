"""The two Koreas as actors, in nine languages, as regular expressions on folded text."""

from __future__ import annotations

NORTH = {
    "en": r"north korean?s?(?:'s)?|n\. ?korean?(?:'s)?|north(?:'s)?|pyongyang(?:'s)?|dprk",
    "ko": r"북한군?|북측|북|北|평양",
    "ja": r"北朝鮮|北側|北|平壌|ピョンヤン",
    "zh": r"朝鲜|朝鮮|北韩|北韓|朝方|平壤|北方",
    "vi": r"trieu tien|bac han|binh nhuong",
    "ru": r"кндр|северн\w+ коре\w+|северокорейск\w+|пхеньян\w*",
    "fr": r"coree du nord|nord-coreen\w*|pyongyang",
    "de": r"nordkorea\w*|pjongjang\w*",
    "es": r"corea del norte|norcorean\w*|pyongyang|piongyang",
}
SOUTH = {
    "en": r"south korean?s?(?:'s)?|s\. ?korean?(?:'s)?|south(?:'s)?|seoul(?:'s)?|rok",
    "ko": r"한국군?|남측|남한|남|韓|서울|우리 군|정부",
    "ja": r"韓国軍?|南側|南|ソウル",
    "zh": r"韩国|韓國|南韩|南韓|韩方|韩军|首尔|首爾",
    "vi": r"han quoc|seoul",
    "ru": r"южн\w+ коре\w+|южнокорейск\w+|сеул\w*|республик\w+ коре\w+",
    "fr": r"coree du sud|sud-coreen\w*|seoul",
    "de": r"sudkorea\w*|seoul\w*",
    "es": r"corea del sur|surcorean\w*|seul",
}
# What is sent or used, right after its owner: 남측 무인기, the North's drones.
THINGS = {
    "en": r"drones?|balloons?|leaflets?|soldiers?|troops|patrol boats?|fishing boats?|loudspeakers?|jets?|hackers?",
    "ko": r"무인기|드론|풍선|오물풍선|전단|병사|군인|경비정|어선|확성기|전투기",
    "ja": r"無人機|ドローン|風船|ビラ|兵士|警備艇|漁船|拡声器|戦闘機",
    "zh": r"无人机|無人機|气球|氣球|传单|傳單|士兵|巡逻艇|渔船|扩音喇叭|战机",
    "vi": r"may bay khong nguoi lai|drone|bong bay|truyen don|binh si",
    "ru": r"беспилотник\w*|дрон\w*|шар\w*|листовк\w*|солдат\w*",
    "fr": r"drones?|ballons?|tracts?|soldats?",
    "de": r"drohnen?|ballons?|flugblatter|soldaten?",
    "es": r"drones|dron|globos?|octavillas|soldados?",
}
# Over whose land: 평양 상공, over Seoul.
OVER_BEFORE = {
    "en": r"(?:over|into|above)(?: the)?",
    "fr": r"(?:au-dessus de|survol\w*|sur)(?: la)?",
    "de": r"(?:uber|nach)",
    "es": r"(?:sobre|sobrevuel\w+)",
    "ru": r"(?:над)",
    "vi": r"(?:tren bau troi|vao khong phan|qua|tren)",
}
OVER_AFTER = {
    "ko": r"\s?(?:상공|영공|하늘|수도권)",
    "ja": r"(?:上空|領空|首都圏|の上空)",
    "zh": r"(?:上空|领空|領空)",
}
# X accuses Y of doing it: Y did it.
ACCUSE = {
    "en": r"accus\w+|blam\w+|condemn\w+|denounc\w+",
    "fr": r"accus\w+|denonc\w+",
    "de": r"beschuldig\w+|wirft|warf",
    "es": r"acus\w+|denunci\w+",
    "ru": r"обвин\w+",
    "vi": r"cao buoc|to",
}
# What a state itself ends, at a title's head: Seoul suspends the pact.
ENDS = {
    "en": r"suspend\w*|scrap\w*|halt\w*|walks? away|abolish\w*|nullif\w+|freez\w+|withdraw\w*",
    "ko": r"효력정지|파기|폐기|구속되지|중단|철회|탈퇴",
    "ja": r"破棄|停止|中断|撤回",
    "zh": r"废除|廢除|暂停|中止|停止|退出",
    "vi": r"dinh chi|huy bo|rut khoi",
    "ru": r"приостан\w+|разорв\w+|отмен\w+|расторг\w+",
    "fr": r"suspend\w*|denonce\w*|abandonne\w*",
    "de": r"setzt|kundigt|beendet|stoppt",
    "es": r"suspende\w*|anula\w*|abandona\w*|rompe\w*",
}
