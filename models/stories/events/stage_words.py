"""Verbs that say how far a case at law or a motion in parliament has come, in nine languages.

Regular expressions on text without case; in alphabets each begins and ends at a word's edge.
A warrant that is granted and the arrest it is for are one stage: outlets head one night by either.
"""

from __future__ import annotations

JUSTICE: dict[str, dict[str, str]] = {
    "a warrant asked for": {
        "en": r"(?:seeks?|sought|requests?|requested|files? for|ask(?:s|ed)? for) .{0,25}warrant|warrant .{0,12}(?:sought|requested)",
        "ko": r"영장(?:을)?\s?(?:재)?(?:청구|신청)(?!\s?기각)",
        "ja": r"(?:逮捕状|令状)(?:を|の)?請求(?!を?(?:棄却|却下))",
        "zh": r"(?:申请|申請|声请|聲請|提请|提請)[^，。]{0,10}(?:逮捕|批捕|拘捕|羁押|羈押|拘留)",
        "vi": r"(?:xin|đề nghị|yêu cầu) .{0,12}lệnh bắt",
        "ru": r"(?:запросил\w*|ходатайству\w+|просит|просят) .{0,30}(?:ордер\w*|арест\w*)",
        "fr": r"(?:demande\w*|requiert|requièrent) .{0,15}mandat",
        "de": r"(?:beantrag\w+) .{0,40}haftbefehl|haftbefehl .{0,40}beantragt",
        "es": r"(?:pide\w*|solicita\w*|solicitó) .{0,25}(?:orden de (?:arresto|detención)|prisión preventiva)",
    },
    "an arrest": {
        "en": r"arrest(?:s|ed)?(?! warrant)|detains?|detained|into custody|"
        r"(?:issues?|issued|grants?|granted|approves?|approved) .{0,25}warrant|warrant .{0,8}(?:issued|granted|approved)",
        "ko": r"체포(?!\s?(?:동의|영장|방해))|구속(?!\s?(?:영장|되지|력|적부|기로|심사|취소))|억류|구금|영장(?:이|을)?\s?발부",
        "ja": r"逮捕(?!状|同意)|拘束(?!令状|力)|拘留|(?:逮捕状|令状)(?:を|の)?(?:発付|発行)",
        "zh": r"(?:签发|簽發|核发|核發|批准|发出|發出)[^，。]{0,10}(?:逮捕|拘捕|羁押|羈押|拘留)|被捕|被拘|被逮捕|遭逮捕|扣押|获批捕",
        "vi": r"bắt giữ|bắt giam|bị bắt|(?:ban hành|phê chuẩn) .{0,8}lệnh bắt",
        "ru": r"арестова\w+|задержа\w+|(?:выдал\w*|санкционировал\w*) .{0,20}(?:ордер\w*|арест\w*)",
        "fr": r"arrêtée?s?|interpellée?s?|détenue?s?|garde à vue|(?:émet|émis|délivre|délivré) .{0,15}mandat",
        "de": r"festgenommen|verhaftet|(?:erlässt|erließ) .{0,30}haftbefehl|haftbefehl .{0,40}erlassen",
        "es": r"detenid\w+|detiene\w*|arrestad\w+|(?:emite\w*|emitió|dicta\w*|dictó) .{0,25}orden de (?:arresto|detención)",
    },
    "a warrant refused": {
        "en": r"(?:rejects?|rejected|den(?:ies|ied)|dismiss(?:es|ed)|turns? down) .{0,25}warrant|warrant .{0,8}(?:rejected|denied|dismissed)",
        "ko": r"영장(?:이|을)?\s?(?:청구\s?)?기각",
        "ja": r"(?:逮捕状|令状)(?:の)?(?:請求)?(?:を|の)?(?:棄却|却下)",
        "zh": r"(?:驳回|駁回)[^，。]{0,10}(?:逮捕|拘捕|羁押|羈押|拘留)",
        "vi": r"bác .{0,15}lệnh bắt",
        "ru": r"отклонил\w* .{0,30}(?:ордер\w*|арест\w*)",
        "fr": r"rejette\w* .{0,25}mandat",
        "de": r"lehn\w+ .{0,30}haftbefehl .{0,20}ab",
        "es": r"rechaza\w* .{0,25}orden de (?:arresto|detención)",
    },
    "a charge": {
        "en": r"indict(?:s|ed|ment)?|(?:is|are|was|were|been) charged|charged (?:with|over)|charges? filed|files? charges|arraign\w*",
        "ko": r"기소(?!유예)|재판에\s?넘",
        "ja": r"起訴(?!猶予)",
        "zh": r"起诉|起訴|公诉|公訴",
        "vi": r"truy tố|khởi tố",
        "ru": r"предъяв\w+ обвинени\w+",
        "fr": r"inculpée?s?|mise?s? en examen",
        "de": r"angeklagt|anklage erhoben|erheb\w+ anklage",
        "es": r"imputad\w+|procesad\w+",
    },
    "a sentence asked for": {
        "en": r"(?:seeks?|sought|demands?|demanded) (?:the )?(?:death|life|(?:[\w-]+ ){0,2}(?:years?|prison|jail|[\w-]+-year))\b",
        "ko": r"구형",
        "ja": r"求刑",
        "zh": r"求处|求處|求刑",
        "vi": r"đề nghị .{0,15}(?:năm tù|tử hình|chung thân)",
        "ru": r"запросил\w* .{0,25}(?:лет|год\w*|казн\w+|пожизненн\w+)",
        "fr": r"requi(?:ert|èrent|s) .{0,25}(?:ans|prison|perpétuité)",
        "de": r"forder\w+ .{0,25}(?:jahre|haft|todesstrafe|lebenslang\w*)",
        "es": r"(?:pide|piden|solicita\w*) .{0,20}(?:años|cadena perpetua|pena de muerte)",
    },
    "a verdict": {
        "en": r"sentenced?|sentences|convict(?:s|ed)|acquit(?:s|ted)|guilty|verdict|jails|jailed",
        "ko": r"선고|유죄|무죄|실형|집행유예|(?:1심|2심|항소심|대법)[^,…]{0,6}(?:징역|벌금)",
        "ja": r"判決|有罪|無罪|実刑|言い渡",
        "zh": r"判决|判決|判处|判處|判刑|获刑|獲刑|有罪|无罪|無罪",
        "vi": r"tuyên án|kết án|tuyên phạt|trắng án",
        "ru": r"приговор\w*|осужд\w+|осудил\w*|оправда\w+",
        "fr": r"condamnée?s? à|condamne .{0,30} à .{0,12}(?:ans|perpétuité|prison)|acquitt\w+|verdict",
        "de": r"verurteilt|freigesprochen|freispruch|urteil",
        "es": r"condenad\w+ a|condena a .{0,20} a|sentenciad\w+|absuelv\w+|absuelt\w+|veredicto",
    },
    "an appeal": {
        "en": r"appealed|(?:files?|lodges?) .{0,12}appeal|to appeal|"
        r"appeals? (?:against |over )?(?:[\w'-]+ ){0,3}(?:sentence|verdict|ruling|conviction|acquittal|term)",
        "ko": r"항소(?!심)|상고(?!심)",
        "ja": r"控訴(?!審)|上告(?!審)",
        "zh": r"上诉|上訴",
        "vi": r"kháng cáo",
        "ru": r"обжал\w+|апелляци\w+",
        "fr": r"(?:fait|font|a fait|interjette) appel",
        "de": r"berufung|legt revision",
        "es": r"apela(?:n|rá)?|apeló|recurr\w+",
    },
    "a release": {
        "en": r"(?:is|are|was|were|be|been) released|released (?:from|on|after|in|by)|freed|frees|set free|walks? free|granted bail",
        "ko": r"석방|풀려나|풀려났|보석\s?(?:허가|인용)",
        "ja": r"釈放|解放|保釈",
        "zh": r"释放|釋放|获释|獲釋|保释|保釋",
        "vi": r"trả tự do|phóng thích|được thả",
        "ru": r"освобо\w+|отпущен\w*|отпустил\w*",
        "fr": r"libérée?s?|libère\w*|relâchée?s?|libération",
        "de": r"freigelassen|freilassung|kommt frei",
        "es": r"liberad\w+|liberan?|liberación|excarcelad\w+",
    },
}
MOTION: dict[str, dict[str, str]] = {
    "a motion brought in": {
        "en": r"(?:submits?|submitted|tables?|tabled|introduces?|introduced|files?|filed) .{0,20}(?:motion|bill|impeachment|resolution)",
        "ko": r"발의|(?:안|법안)(?:을)?\s?제출|상정",
        "ja": r"(?:案|弾劾)[^、。]{0,6}(?:提出|発議)",
        "zh": r"(?:提出|提交)[^，。]{0,14}(?:案|动议|動議)",
        "vi": r"trình .{0,25}(?:dự luật|kiến nghị|nghị quyết)",
        "ru": r"внес\w+ .{0,40}(?:законопроект\w*|импичмент\w*|резолюци\w+)",
        "fr": r"dépos\w+ .{0,20}(?:motion|projet de loi|proposition)",
        "de": r"(?:bring\w+|reich\w+|brachten?) .{0,40}(?:antrag|gesetz\w*) .{0,40}ein",
        "es": r"presentan? .{0,20}(?:moción|proyecto de ley)",
    },
    "a motion voted on": {
        "en": r"(?:passes|passed|approves?|approved|adopts?|adopted|rejects?|rejected|votes? down) .{0,25}(?:motion|bill|impeachment|resolution)|"
        r"votes? to impeach|impeaches|(?:motion|bill|resolution) .{0,12}(?:passes|passed|fails|failed)",
        "ko": r"가결|부결|통과",
        "ja": r"可決|否決",
        "zh": r"通过|通過|否决|否決",
        "vi": r"thông qua",
        "ru": r"(?:принял\w*|одобрил\w*|отклонил\w*) .{0,40}(?:закон\w*|импичмент\w*|резолюци\w+)",
        "fr": r"(?:adopte\w*|votent?|approuve\w*|rejette\w*) .{0,25}(?:motion|loi|destitution|résolution)",
        "de": r"(?:stimm\w+|verabschiede\w*|billig\w+) .{0,40}(?:antrag|gesetz|amtsenthebung|resolution)",
        "es": r"(?:aprueban?|aprobó|rechazan?|rechazó) .{0,25}(?:moción|ley|destitución|resolución)",
    },
    "a court's ruling on it": {
        "en": r"court .{0,12}(?:upholds?|upheld|strikes? down|struck down|overturns?|overturned|dismiss(?:es|ed)|reinstates?|reinstated|removes|removed)",
        "ko": r"헌재[^…]{0,24}(?:인용|기각|각하|위헌|합헌)|파면",
        "ja": r"憲法?裁[^。]{0,20}(?:棄却|違憲|合憲|認め)|罷免",
        "zh": r"(?:宪法|憲法)(?:法院|裁判所|法庭)[^，。]{0,14}(?:驳回|駁回|裁定|维持|維持)|罢免|罷免",
        "vi": r"tòa .{0,25}(?:phế truất|giữ nguyên)",
        "ru": r"суд .{0,20}(?:утвердил|отстранил|отменил)",
        "fr": r"cour .{0,25}(?:confirme|valide|destitue|annule)",
        "de": r"gericht .{0,20}(?:bestätigt|enthebt|kippt)",
        "es": r"(?:tribunal|corte) .{0,25}(?:confirma|ratifica|anula|destituye)",
    },
}
COURSES = (JUSTICE, MOTION)
