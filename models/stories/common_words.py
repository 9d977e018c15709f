"""Words that say nothing of an event, in the languages written with spaces.

Rarity would find them too, but only after some hundred articles; a pair of
articles given to `same` has no window to learn from. Folded as `terms` folds:
no case, no accents.
"""

from __future__ import annotations

_ENGLISH = """
a an the of to in on at for and or but nor by with from as is are was were be been being it its this that these those
he she his her hers they them their we our you your i my me not no has have had will would can could may might must
shall should do does did doing say says said saying tell told after before over under into onto out up down off about
more most less than then new how why what who whom whose when where which while amid against between during through
if so such all any both each few other some only own same too very just also still yet again once here there now ever
even get gets got make makes made take takes took see sees seen come comes came go goes went one first day today
week year time people man news report reports reported via per according
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december
"""
_RUSSIAN = """
и в во на не что он она они с со как а то все это по но из у за от о об к до для же бы ли или так его ее их мы вы я
был была было были есть быть который которая которое которые также после при уже еще над под без этом том этого
сообщил сообщила сообщили заявил заявила заявили сказал год года году
"""
_FRENCH = """
le la les un une des du de d l et en a au aux ce cet cette ces il elle ils elles on nous vous je qui que quoi dont ou
ne pas plus par pour sur sous dans avec sans se sa son ses leur leurs est sont ete etre avoir ont fait apres avant
selon entre mais comme tout tous deux lors
"""
_GERMAN = """
der die das den dem des ein eine einen einem einer eines und oder aber in im an am auf aus bei mit nach von vom zu zum
zur fur uber unter vor durch gegen um ist sind war waren wird werden wurde wurden hat haben hatte nicht kein keine es
er sie wir ihr sein seine ihre sich auch noch nur schon wie als dass wenn so mehr bis seit laut
"""
_SPANISH = """
el la los las un una unos unas de del al y o u en con por para sin sobre entre tras desde hasta segun que quien cual
como cuando donde es son fue fueron ser esta estan ha han haber su sus se lo le les no mas muy ya pero si este esta
estos estas ese esa dos
"""
_VIETNAMESE = """
va cua la co cho voi trong tren duoi tai tu den den da se dang bi duoc khong nay do mot nhung cac khi sau truoc ve
theo noi ra vao o nguoi nam ngay hon qua lai cung nhu thi ma de
"""


COMMON: frozenset[str] = frozenset(
    word for block in (_ENGLISH, _RUSSIAN, _FRENCH, _GERMAN, _SPANISH, _VIETNAMESE) for word in block.split()
) - {"us"}
