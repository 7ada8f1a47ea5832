"""What the product pages say: what is in it, what is not, who can read one's words. Nothing is promised that is not so."""

from dataclasses import dataclass

from .questions import QUESTIONS


@dataclass(frozen=True, kw_only=True)
class PageText:
    """The words of a product page; texts are simple HTML."""

    slug: str
    sku: str
    title: str
    summary: str
    illustration: str
    sections: tuple[dict[str, str], ...]
    questions: tuple[dict[str, str], ...]


def section(heading: str, text: str) -> dict[str, str]:
    return {"heading": heading, "text": text}


def question(asked: str, answer: str) -> dict[str, str]:
    return {"question": asked, "answer": answer}


# The guide's first section, by the article's numbers: a look inside.
SAMPLE = "".join(f"<li>{QUESTIONS[number - 1][1]}</li>" for number in (17, 19, 16, 11))

PRIVACY = section(
    "Who can read your words",
    "<p>You. Each answer is kept encrypted, under a key that is made for you alone. The people who run this site have "
    "no page that shows what you write. The server does need the key to show your words to you, so this is a lock and "
    "a promise; for words that nobody but you may ever touch, paper in a drawer is still better.</p>"
    "<p>You can take everything out at any time.</p>",
)
AFTER_A_REFUND = question(
    "What happens to my words if I give it back?",
    "<p>They stay yours. After a refund you can still read and export what you wrote; only new writing ends.</p>",
)
NOT_THERAPY = (
    "<p>It is not therapy, and it does not replace any. It promises no result. If something in you needs more than a "
    'page to write on, please let a person help you; the page <a href="/getting-help/">Getting help</a> is a beginning.</p>'
)

JOURNAL = PageText(
    slug="harmony-shadow-work-journal",
    sku="harmony-journal",
    title="Harmony Shadow Work Journal",
    summary="Twenty questions about trust, in five gentle sections, and a private room to answer them in.",
    illustration="journal",
    sections=(
        section(
            "What you get",
            "<p>Five sections, from somewhere steady to next small steps. Each one opens and closes with a few quiet "
            "words, so that you do not begin with the hardest, nor end there. A private room to write in, that saves "
            "as you go, keeps what you wrote before, and lets you come back whenever you like.</p>"
            "<p>It opens here, on this site, as soon as you have paid. <b>No book is posted.</b></p>",
        ),
        section(
            "Shadow work, in a sentence",
            "<p>Looking kindly at what we usually hide, from others and from ourselves.</p>",
        ),
        section("A look inside", f"<p>The first section, “Somewhere steady”, asks:</p><ul>{SAMPLE}</ul>"),
        section(
            "What it is not",
            "<p>The twenty questions are not what you pay for: they stand in our article, free, for everyone. What you "
            "buy is their order, the words around them, and a room that keeps your answers.</p>" + NOT_THERAPY,
        ),
        PRIVACY,
    ),
    questions=(
        question("Is it a book?", "<p>No. It is a place on this site to write in. Nothing is posted.</p>"),
        question(
            "Must I answer everything?",
            "<p>No. Skip what you like, come back or do not. Nothing reminds you.</p>",
        ),
        AFTER_A_REFUND,
    ),
)

BUNDLE = PageText(
    slug="heart-chakra-healing-bundle",
    sku="heart-bundle",
    title="Heart Chakra Healing Bundle",
    summary="A heart-centered candle, posted to you, and reflective exercises that open here at once.",
    illustration="bundle",
    sections=(
        section(
            "Two things, two ways",
            "<p>The candle is posted. The exercises open here as soon as you have paid: both of our guides, the twenty "
            "questions of the Harmony journal, and five practices to try in your own time. If you buy this, you do not "
            "need to buy the journal as well.</p>",
        ),
        section(
            "About the candle",
            "<p>Anahata is the name of the heart centre in the yoga tradition. Nobody needs to believe in it. A small "
            "light can mark a beginning and an end, and that is all that it is for "
            "here. Nobody needs to light anything either: every exercise works without.</p>",
        ),
        section(
            "What it is not",
            "<p>A candle heals nothing by itself, and neither do we.</p>" + NOT_THERAPY,
        ),
        PRIVACY,
    ),
    questions=(
        question(
            "Can I do the exercises without the candle?",
            "<p>Yes, all of them. You can begin while it is still on its way.</p>",
        ),
        question(
            "Can I have the exercises only?",
            "<p>The Harmony Shadow Work Journal is the part with the twenty questions, without a candle and without the "
            "five practices.</p>",
        ),
        AFTER_A_REFUND,
    ),
)
