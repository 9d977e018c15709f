"""Query parameters that say how a reader came, never which article it is.

Data, for `models.text.urls`. The rule for adding one: it must be certain that
no site keeps an article's number in it. Korean sites keep theirs in short
names (`idxno`, `ncd`, `cntId`, `ud`, `no`, `seq`, `id`, `aid`, `oid`, `c`, `p`),
so nothing short and general may stand here.
"""

from __future__ import annotations

TRACKERS = frozenset(
    {
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "at_bbc_team",
        "at_campaign",
        "at_custom1",
        "at_custom2",
        "at_custom3",
        "at_custom4",
        "at_format",
        "at_link_id",
        "at_link_origin",
        "at_link_type",
        "at_medium",
        "at_ptr_name",
        "at_ptr_type",
        "cmpid",
        "dclid",
        "fbclid",
        "fb_action_ids",
        "fb_action_types",
        "fb_source",
        "gbraid",
        "gclid",
        "gclsrc",
        "ga_campaign",
        "ga_content",
        "ga_medium",
        "ga_place",
        "ga_source",
        "ga_term",
        "icid",
        "igsh",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mibextid",
        "mkt_tok",
        "msclkid",
        "ncid",
        "ocid",
        "oly_anon_id",
        "oly_enc_id",
        "rb_clid",
        "s_cid",
        "spm",
        "srsltid",
        "sxsrf",
        "taid",
        "traffic_source",
        "ttclid",
        "twclid",
        "vero_conv",
        "vero_id",
        "wbraid",
        "wt.mc_id",
        "xtor",
        "yclid",
        "ysclid",
    }
)

# Whole families, by how their names begin.
TRACKER_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_")

# Parameters with a common name: dropped only when they hold one of these values.
TRACKER_VALUES = {
    "ref": frozenset({"rss", "feed", "naver", "daum", "twitter", "facebook", "main", "newsletter"}),
    "from": frozenset({"rss", "feed", "naver", "daum"}),
    "source": frozenset({"rss", "feed"}),
    "src": frozenset({"rss", "feed"}),
    "partner": frozenset({"rss"}),
    "traffic": frozenset({"rss"}),
    "cmp": frozenset({"rss", "share_btn_tw", "share_btn_fb", "share_btn_url", "twt_gu", "fb_gu"}),
    "amp": frozenset({"", "1", "true"}),
    "outputtype": frozenset({"amp", "amp-type"}),
    "print": frozenset({"1", "true", "y", "yes"}),
    "printable": frozenset({"1", "true", "y", "yes"}),
    "pfstyle": frozenset({"wp"}),
}

# Parameters that are a reader's path on one house's site. Yonhap's feeds add `section` and
# `input` to the same /view/AKR... address, Naver `sid` to the same oid and aid.
HOUSE_TRACKERS = {
    "yna.co.kr": frozenset({"section", "input", "site"}),
    "news.naver.com": frozenset({"sid", "sid1", "sid2", "mode", "lfrom", "cds"}),
    "donga.com": frozenset({"ref"}),
    "joongang.co.kr": frozenset({"cloc"}),
    "theguardian.com": frozenset({"cmp"}),
}
