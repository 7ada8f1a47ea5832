"""Which parameters each request takes: tables, no code.

Every table lists what is simulated, with its rule, and under `elsewhere` what Stripe knows besides: those are
refused with other words than an invented name. A test compares each table with Stripe's own description.
"""

from .rules import Boolean, Choice, Currency, Email, Fields, Integer, Many, Metadata, NumberOrRange, Rule, Text, Url


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# https://docs.stripe.com/currencies
CURRENCIES = frozenset(
    _words(
        "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve "
        "czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf "
        "krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk "
        "php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu "
        "uzs vnd vuv wst xaf xcd xof xpf yer zar zmw"
    )
)
LARGEST_AMOUNT = 99_999_999
COUNTRIES = _words(
    "AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI "
    "CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
    "MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT "
    "TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW ZZ"
)
LOCALES = _words(
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th "
    "tr vi zh zh-HK zh-TW"
)

_currency = Currency(known=CURRENCIES)
_amount = Integer(least=0, most=LARGEST_AMOUNT)
_tax_behavior = Choice(values=("exclusive", "inclusive", "unspecified"))
_expand = Many(of=Text(), most=20)
_page: dict[str, Rule] = {
    "limit": Integer(least=1, most=100),
    "starting_after": Text(),
    "ending_before": Text(),
    "expand": _expand,
}
_one_cursor = (("starting_after", "ending_before"),)
_delivery_bound = Fields(
    fields={"unit": Choice(values=("business_day", "day", "hour", "month", "week")), "value": Integer(least=1)},
    required=("unit", "value"),
)

PRODUCT_DATA = Fields(
    fields={
        "name": Text(),
        "description": Text(longest=40_000),
        "images": Many(of=Url(longest=2048), most=8),
        "metadata": Metadata(),
        "tax_code": Text(),
    },
    required=("name",),
    elsewhere=("unit_label", "tax_details"),
)
PRICE_DATA = Fields(
    fields={"currency": _currency, "unit_amount": _amount, "tax_behavior": _tax_behavior, "product_data": PRODUCT_DATA},
    required=("currency", "unit_amount", "product_data"),
    elsewhere=("product", "recurring", "unit_amount_decimal"),
    exclusive=(("product", "product_data"), ("unit_amount", "unit_amount_decimal")),
)
LINE_ITEM = Fields(
    fields={"quantity": Integer(least=1, most=999_999), "metadata": Metadata(), "price_data": PRICE_DATA},
    required=("price_data", "quantity"),
    elsewhere=("price", "adjustable_quantity", "tax_rates"),
    exclusive=(("price", "price_data"),),
)
SHIPPING_RATE_DATA = Fields(
    fields={
        "display_name": Text(longest=100),
        "type": Choice(values=("fixed_amount",)),
        "fixed_amount": Fields(
            fields={"amount": _amount, "currency": _currency},
            required=("amount", "currency"),
            elsewhere=("currency_options",),
        ),
        "delivery_estimate": Fields(fields={"minimum": _delivery_bound, "maximum": _delivery_bound}),
        "tax_behavior": _tax_behavior,
        "tax_code": Text(),
        "metadata": Metadata(),
    },
    required=("display_name", "fixed_amount"),
)

# https://docs.stripe.com/api/checkout/sessions/create
CREATE_SESSION = Fields(
    fields={
        "mode": Choice(values=("payment", "setup", "subscription"), simulated=("payment",)),
        "ui_mode": Choice(values=("elements", "embedded_page", "form", "hosted_page"), simulated=("hosted_page",)),
        "success_url": Url(),
        "cancel_url": Url(),
        "line_items": Many(of=LINE_ITEM, most=100),
        "locale": Choice(values=LOCALES),
        "expires_at": Integer(),
        "customer_email": Email(),
        "client_reference_id": Text(longest=200),
        "metadata": Metadata(),
        "submit_type": Choice(
            values=("auto", "book", "donate", "pay", "subscribe"), simulated=("auto", "book", "donate", "pay")
        ),
        "allow_promotion_codes": Boolean(),
        "discounts": Many(
            of=Fields(fields={"coupon": Text(), "promotion_code": Text()}, exclusive=(("coupon", "promotion_code"),)),
            most=1,
        ),
        "billing_address_collection": Choice(values=("auto", "required")),
        "phone_number_collection": Fields(fields={"enabled": Boolean()}, required=("enabled",)),
        "customer_creation": Choice(values=("always", "if_required")),
        "automatic_tax": Fields(
            fields={"enabled": Boolean(simulated=(False,))}, required=("enabled",), elsewhere=("liability",)
        ),
        "adaptive_pricing": Fields(fields={"enabled": Boolean(simulated=(False,))}),
        "invoice_creation": Fields(
            fields={"enabled": Boolean(simulated=(False,))}, required=("enabled",), elsewhere=("invoice_data",)
        ),
        "consent_collection": Fields(
            fields={"terms_of_service": Choice(values=("none", "required"))},
            elsewhere=("payment_method_reuse_agreement", "promotions"),
        ),
        "payment_intent_data": Fields(
            fields={
                "metadata": Metadata(),
                "description": Text(longest=1000),
                "receipt_email": Email(),
                "statement_descriptor_suffix": Text(longest=22),
            },
            elsewhere=(
                "application_fee_amount",
                "capture_method",
                "on_behalf_of",
                "setup_future_usage",
                "shipping",
                "statement_descriptor",
                "transfer_data",
                "transfer_group",
            ),
        ),
        "shipping_address_collection": Fields(
            fields={"allowed_countries": Many(of=Choice(values=COUNTRIES), most=len(COUNTRIES))},
            required=("allowed_countries",),
        ),
        "shipping_options": Many(
            of=Fields(
                fields={"shipping_rate_data": SHIPPING_RATE_DATA},
                required=("shipping_rate_data",),
                elsewhere=("shipping_rate",),
                exclusive=(("shipping_rate", "shipping_rate_data"),),
            ),
            most=5,
        ),
        "expand": _expand,
    },
    required=("mode", "success_url", "line_items"),
    elsewhere=(
        "after_expiration",
        "allowed_payment_method_types",
        "branding_settings",
        "currency",
        "custom_fields",
        "custom_text",
        "customer",
        "customer_account",
        "customer_update",
        "excluded_payment_method_types",
        "integration_identifier",
        "managed_payments",
        "name_collection",
        "optional_items",
        "origin_context",
        "payment_method_collection",
        "payment_method_configuration",
        "payment_method_data",
        "payment_method_options",
        "permissions",
        "redirect_on_completion",
        "return_url",
        "saved_payment_method_options",
        "setup_intent_data",
        "subscription_data",
        "tax_id_collection",
        "wallet_options",
    ),
    exclusive=(("allow_promotion_codes", "discounts"),),
)
LIST_SESSIONS = Fields(
    fields={
        **_page,
        "created": NumberOrRange(),
        "customer": Text(),
        "customer_details": Fields(fields={"email": Text()}, required=("email",)),
        "payment_intent": Text(),
        "status": Choice(values=("complete", "expired", "open")),
    },
    elsewhere=("customer_account", "payment_link", "subscription"),
    exclusive=_one_cursor,
)
LIST_LINE_ITEMS = Fields(fields=_page, exclusive=_one_cursor)
LIST_EVENTS = Fields(
    fields={
        **_page,
        "created": NumberOrRange(),
        "delivery_success": Boolean(),
        "type": Text(),
        "types": Many(of=Text(), most=20),
    },
    exclusive=(*_one_cursor, ("type", "types")),
)
RETRIEVE = Fields(fields={"expand": _expand})
RETRIEVE_PAYMENT_INTENT = Fields(fields={"expand": _expand}, elsewhere=("client_secret",))

# https://docs.stripe.com/api/refunds/create
CREATE_REFUND = Fields(
    fields={
        "payment_intent": Text(),
        "charge": Text(),
        "amount": Integer(least=1, most=LARGEST_AMOUNT),
        "reason": Choice(values=("duplicate", "fraudulent", "requested_by_customer")),
        "metadata": Metadata(),
        "expand": _expand,
    },
    elsewhere=("currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"),
    exclusive=(("payment_intent", "charge"),),
)
LIST_REFUNDS = Fields(
    fields={**_page, "created": NumberOrRange(), "charge": Text(), "payment_intent": Text()}, exclusive=_one_cursor
)
