"""Verbs of beginning, ending, planning and denying in nine languages, as regular expressions.

In Korean, Japanese and Chinese every alternative begins with a sign, by which it is searched for: one that
begins with a bracket, 설 or 보도, has all of them tried at every sign, in ten times the time.
"""

from __future__ import annotations

PHASES: dict[str, dict[str, str]] = {
    "begin": {
        "en": r"begins?|began|begun|starts?|started|opens?|opened|kicks? off|kicked off|gets? under ?way|got under ?way|"
        r"gets? going|commences?|launches drill|enters into force|takes effect|first day",
        "ko": r"시작|개시|돌입|개막|개회|착수|막\s?(?:올라|올렸|올린|오른)|막을 올|첫날|막 올라",
        "ja": r"開始|始ま|始め|開幕|開会|着手|スタート",
        "zh": r"开始|開始|启动|啟動|开幕|開幕|拉开(?:帷幕|序幕)|拉開|开打",
        "ru": r"начал(?:ись|ся|ась|а|и|о)?|начинает(?:ся)?|начинают(?:ся)?|стартовал[аи]?|открыл(?:ся|ась|ись)?|открывается",
        "fr": r"débute(?:nt)?|débuté|commence(?:nt)?|commencé|entame(?:nt)?|entamé|lance(?:nt)? (?:leur|l'|un|des)|s'ouvre(?:nt)?|"
        r"coup d'envoi|démarre(?:nt)?",
        "de": r"beginn(?:t|en)|begann(?:en)?|begonnen|start(?:et|en|eten)|gestartet|eröffnet|beginn|auftakt",
        "es": r"comienzan?|comenzó|comenzaron|inician?|inició|iniciaron|arrancan?|arrancó|inicio|empiezan?|abre|inaugura",
        "vi": r"bắt đầu|khai mạc|khởi động|mở màn",
    },
    "end": {
        "en": r"ends?|ended|concludes?|concluded|wraps? up|wrapped up|finish(?:es|ed)?|closes|closed|completes?|completed|"
        r"draws to a close|comes? to (?:an end|a close)|over after",
        "ko": r"종료|폐막|폐회|마무리|마쳐|마쳤|마친|끝나|끝났|끝내|막\s?내(?:려|렸|린)|막을 내|완료|종결",
        "ja": r"終了|終わ|閉幕|閉会|終え|完了|終結",
        "zh": r"结束|結束|闭幕|閉幕|落幕|收官|完成|终结",
        "ru": r"завершил(?:ись|ся|ась|а|и|о)?|завершает(?:ся)?|закончил(?:ись|ся|ась|а|и)?|закрыл(?:ся|ась|ось)|окончен[аы]?|"
        r"завершен(?:ы|о|ие)?",
        "fr": r"s'achèvent?|s'achève(?:nt)?|achevé|prend fin|prennent fin|se termine(?:nt)?|terminé|conclu(?:ent|t)?|clôt(?:ure)?|"
        r"fin des?",
        "de": r"end(?:et|en|ete|eten)|beendet|beenden|abgeschlossen|schließ(?:t|en) ab|zu ende|abschluss",
        "es": r"terminan?|terminó|terminaron|concluyen?|concluyó|concluyeron|finalizan?|finalizó|clausura|cierra|culmina",
        "vi": r"kết thúc|bế mạc|hoàn tất|khép lại",
    },
    "plan": {
        "en": r"to (?:hold|launch|send|visit|meet|start|begin|raise|vote|test|suspend|scrap|resume|deploy|open|attend|seek|push|"
        r"conduct|stage|sign|host|build|impose|join|head|fly|travel)|plans? to|planning to|plan|will|set to|notif(?:y|ies|ied)|"
        r"scheduled|slated|mulls?|considers?|considering|weighs?|aims? to|vows? to|ahead of|upcoming|expected to|eyes?|seeks to|"
        r"announces? plan|proposes?|proposed|put on alert",
        "ko": r"예정|계획|추진|통보|예고|검토|방침|하기로|키로|앞두고|앞둔|전망|할 듯|할까|목표|준비|내달|다음\s?달|초읽기|임박|제안",
        "ja": r"予定|計画|へ$|へ[　 、]|方針|検討|通告|通報|見通し|予告|準備|目指す|控え",
        "zh": r"将|將|拟|擬|计划|計劃|预定|預定|考虑|考慮|通报|通報|准备|準備|预告|拟定|有望",
        "ru": r"планиру(?:ет|ют)|намерен[аы]?|собирается|готов(?:ит|ится|ятся)|проведет|проведут|предупредил[аи]?|уведомил[аи]?|"
        r"состоится|посетит|запустит",
        "fr": r"va|vont|prévoi(?:t|ent)|compte(?:nt)?|envisage(?:nt)?|doit|doivent|notifie|prévoit|veut|s'apprête(?:nt)?|projet(?:te)?",
        "de": r"will|wollen|plant|planen|soll(?:en)?|kündigt|kündigen|angekündigt|erwägt|bereitet|geplant",
        "es": r"planea(?:n)?|prevé(?:n)?|prepara(?:n)?|notifica|anuncia plan|va a|van a|pretende(?:n)?|estudia|busca",
        "vi": r"sẽ|dự kiến|kế hoạch|chuẩn bị|thông báo|sắp|cân nhắc",
    },
    "deny": {
        "en": r"den(?:y|ies|ied|ial)|refutes?|refuted|rebuts?|rebutted|groundless|baseless|fabrications?",
        "ko": r"부인|반박|사실무근|날조|모략|사실\s?아니|사실이 아니|주장[^,.]{0,8}일축|의혹[^,.]{0,8}일축|보도[^,.]{0,8}일축|설[^,.]{0,8}일축|허위",
        "ja": r"否定|反論|反発し否定|事実無根|捏造|でっち上げ|主張[^、。]{0,8}一蹴|疑惑[^、。]{0,8}一蹴|報道[^、。]{0,8}一蹴|説[^、。]{0,8}一蹴",
        "zh": r"否认|否認|驳斥|駁斥|反驳|反駁|毫无根据|捏造|子虚乌有|不实|無稽|无稽",
        "ru": r"опроверг(?:ла|ли|ает|ают)?|отрица(?:ет|ют|ла|л)|отверг(?:ла|ли|ает)?|беспочвен\w*|безосновательн\w*|не соответству\w+",
        "fr": r"dément(?:ent|i)?|nie(?:nt)?|nié|réfute(?:nt)?|réfuté|rejette(?:nt)? les accusations|infondée?s?|sans fondement",
        "de": r"dementier(?:t|en|te)|bestreit(?:et|en)|bestritt|weist? .{0,40}zurück|zurückgewiesen|haltlos|widerspricht",
        "es": r"niega(?:n)?|negó|desmiente(?:n)?|desmintió|rechaza acusaciones|refuta|infundad[ao]s?|sin fundamento",
        "vi": r"phủ nhận|bác bỏ|bác|vô căn cứ|bịa đặt",
    },
}
