"""The two guides: the twenty questions in the order of an easier evening, and five practices."""

from dataclasses import dataclass, field
from html import escape

from wagtail.models import Page

from journal.models import GuidePage, JournalIndexPage

from .questions import QUESTIONS, stable_id

RawBlock = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section: texts of one paragraph each, the article's questions by number, and what stands after them."""

    title: str
    opening: tuple[str, ...]
    questions: tuple[int, ...] = ()
    rest: str = ""
    quote: str = ""
    practice: tuple[str, tuple[str, ...]] = ("", ())
    question: str = ""  # of the guide's own
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FirstGuide:
    """A guide as it is first loaded."""

    slug: str
    title: str
    description: str
    introduction: tuple[str, ...]
    parts: tuple[Part, ...] = field(default_factory=tuple)


HARMONY = FirstGuide(
    slug="harmony-shadow-work-journal",
    title="Harmony Shadow Work Journal",
    description="Twenty questions on trust in five unhurried sections, with a quiet private page for each.",
    introduction=(
        "Shadow work means looking kindly at what we usually hide, from others and from ourselves.",
        "This guide walks through twenty questions on trust, in five sections. Each opens with a few words to arrive and "
        "closes with a few to leave by. You write on a page of your own, as much or as little as you like, and come back "
        "whenever you like.",
        "The questions themselves are free to read in our article. What you find here is an order to take them in, "
        "company on the way, and a room that keeps what you write.",
        "It is not therapy, and it promises no result. If writing makes things heavier, stop, and talk to somebody who "
        "is good to you.",
    ),
    parts=(
        Part(
            title="Somewhere steady",
            opening=(
                "Before looking at what is hard, find out what carries you. This section is the floor you stand on, and "
                "you can come back to it from any other place in this guide.",
                "Sit so that your back is held. Notice one thing you can see and one you can hear. Then take one "
                "question, and only one.",
            ),
            questions=(17, 19, 16, 11),
            rest="Put both feet on the ground. Breathe out a little longer than you breathe in, three times. "
            "That may be all for today.",
            closing=(
                "Choose one sentence from what you wrote that you would like to remember on a grey day. "
                "You need not do anything with it.",
            ),
        ),
        Part(
            title="What trust means",
            opening=(
                "We use the word as if it were one thing. To trust somebody with a secret is not the same as to trust "
                "them to be on time, or to stay.",
                "Write about what the word means to you now. Tomorrow it may mean something else, and both may stand "
                "side by side.",
            ),
            questions=(2, 4, 8, 10),
            quote="Your heart isn’t closed; it’s cautious.",
            closing=(
                "If you found an expectation that you never said aloud, let it stand there in your own words. "
                "That is enough for now.",
            ),
        ),
        Part(
            title="How I protect myself",
            opening=(
                "Whatever you do to protect yourself, you learned it for a reason, and it probably helped once. "
                "This section asks how you do it. It does not ask you to stop.",
                "Try to describe before you judge: what happens first, what you do then, and what it saves you from.",
            ),
            questions=(3, 6, 12, 5, 9),
            rest="Look up from the page. Let your shoulders sink. Name the day of the week and the room you are in.",
            closing=(
                "Thank the part of you that kept watch. It may go on watching; you only know it a little better.",
            ),
        ),
        Part(
            title="Where it began",
            opening=(
                "These questions lead further back. Daylight may suit these; you may skip them all, and the guide is no "
                "less complete.",
                "If you write, stay at the edge of a memory rather than in the middle of it. You can stop in the middle "
                "of a sentence. If something happened that still frightens you, this page is not the place to be alone "
                "with it: a person you trust, or one whose work this is, can sit beside you.",
            ),
            questions=(1, 7, 15),
            rest="Come back to today. Drink some water. Look out of a window until you have found something green.",
            closing=(
                "That was then. You are here, at your own age, with the door on your side. "
                "Do something ordinary now: wash a cup, call a friend, go around the block.",
            ),
        ),
        Part(
            title="Next small steps",
            opening=(
                "A step is small enough if you could take it on a tired day. Nothing here has to be announced to anyone.",
                "Write it so plainly that you would know, a week from now, whether you tried.",
            ),
            questions=(13, 14, 18, 20),
            quote="You are allowed to take your heart at your own pace.",
            closing=(
                "There is no last page. Questions may be answered again in another season, and the earlier answer keeps "
                "its place beside the later one.",
            ),
        ),
    ),
)

CANDLE = "If you like, light a candle, and put it where nothing can catch fire and you can see it. Without one it works as well."
SKIP = "Caution may be right. With anyone who frightens you, skip this practice: keeping away from them is wisdom, not a lack of trust."

PRACTICES = FirstGuide(
    slug="heart-chakra-practices",
    title="Heart Chakra Practices",
    description="The five practices of our article as exercises for quiet evenings, with or without a candle.",
    introduction=(
        "Five practices, each as an exercise that takes between five minutes and a quarter of an hour.",
        "Anahata is the heart centre in yoga tradition. Nobody needs to believe in it to sit down and breathe, and nobody "
        "needs to light anything.",
        "They are not a treatment, and none is a test. Leave out what does not suit you.",
    ),
    parts=(
        Part(
            title="Journaling for Clarity",
            opening=("Writing slows a thought down until it can be looked at.", CANDLE),
            practice=(
                "Ten unhurried minutes",
                (
                    "Set a timer for ten minutes, or watch the candle for as long as you like.",
                    "Begin with “Right now I notice”, and write without correcting anything.",
                    "When the time is over, underline one sentence. Then close the page.",
                ),
            ),
            question="What did I notice as I wrote?",
            closing=("You do not have to read it again. It is kept.",),
        ),
        Part(
            title="Therapeutic Support",
            opening=(
                "Some things are easier to carry with somebody whose work it is to listen. "
                "Looking for help is itself a way of trusting.",
                CANDLE,
            ),
            practice=(
                "Preparing a first conversation",
                (
                    "Write down, in one sentence, what you would like to be different.",
                    "Write down what you do not want to talk about yet. You may say exactly that.",
                    "Note two questions you would ask a counsellor, such as how they work and what it costs.",
                    "If you have somebody already, note what you left out last time.",
                ),
            ),
            question="What would I like somebody to understand about me, and what may stay unsaid for now?",
            closing=("Nothing needs to be decided tonight. The page is ready when you are.",),
        ),
        Part(
            title="Mindfulness & Presence",
            opening=(
                "A worried mind lives a little ahead of itself. This is a way back to the room you are in.",
                CANDLE,
            ),
            practice=(
                "Five things",
                (
                    "Name five things you see. If a candle is burning, its flame may be one of them.",
                    "Name four you can feel, such as the chair, your sleeve, the air.",
                    "Name three you hear, two you smell, and one good thing you have eaten today.",
                    "If closing your eyes makes you uneasy, keep them open.",
                ),
            ),
            question="Where am I right now, and what is around me?",
            closing=("Write down which of them you would have missed.",),
        ),
        Part(
            title="Gradual Exposure to Connection",
            opening=(
                SKIP,
                "For everyone else, closeness can be practised in steps so small that they hardly show.",
                CANDLE,
            ),
            practice=(
                "A ladder of small steps",
                (
                    "Think of one person who has been kind to you and with whom you feel safe.",
                    "Write down five ways of being a little more open with them, from the smallest to the largest.",
                    "Cross out any that you would do only to please somebody.",
                    "Choose the smallest that is left. Do it some time this week, or not at all.",
                ),
            ),
            question="Which step is small enough for me, and with whom?",
            closing=(
                "If it went well, stay on that step for a while. If it did not, you know one thing more about where you stand.",
            ),
        ),
        Part(
            title="Honest Communication",
            opening=(
                SKIP,
                "With people who mean you well, a plain sentence often does more than a perfect one.",
                CANDLE,
            ),
            practice=(
                "A sentence to say",
                (
                    "Write a sentence that begins with “When”, one with “I feel”, and one with “I would like”.",
                    "Read them aloud to the empty room. Take out every word that blames.",
                    "Decide whether to say them, to whom, and when. To keep them here is a decision too.",
                ),
            ),
            question="What would I like to say, and to whom, if to anyone?",
            closing=("Whatever the other person answers, you have heard yourself.",),
        ),
    ),
)


def load(journal_index: JournalIndexPage) -> dict[str, Page]:
    """Return the guides as `harmony` and `practices`; the missing are made, the others left as their editors have them."""
    return {"harmony": _load(journal_index, HARMONY), "practices": _load(journal_index, PRACTICES)}


def _load(journal_index: JournalIndexPage, first: FirstGuide) -> Page:
    # Looked for by a key that no editor sees: a guide with a new slug, or moved, is not made twice, and one that was
    # deleted comes back with the questions that people have answered.
    key = stable_id(first.slug)
    found = GuidePage.objects.filter(translation_key=key, locale=journal_index.locale).first()
    if found is not None:
        return found
    page = GuidePage(
        translation_key=key,
        title=first.title,
        slug=first.slug,
        search_description=first.description,
        introduction=_html(first.introduction),
    )
    page.sections = page.sections.stream_block.to_python([_section(first, part) for part in first.parts])
    journal_index.add_child(instance=page)
    page.save_revision().publish()
    return page


def _section(first: FirstGuide, part: Part) -> RawBlock:
    name = f"{first.slug}/{part.title}"
    items: list[RawBlock] = []
    for number in part.questions:
        question_id, text = QUESTIONS[number - 1]
        items.append({"type": "prompt", "id": question_id, "value": {"text": text}})
    title, steps = part.practice
    if title:
        items.append(_block("practice", name, {"title": title, "text": _list(steps)}))
    if part.question:
        items.append(_block("prompt", name, {"text": part.question}))
    if part.quote:
        items.append(_block("pull_quote", name, {"text": part.quote}))
    if part.rest:
        items.append(_block("rest", name, {"text": part.rest}))
    value = {"title": part.title, "opening": _html(part.opening), "items": items, "closing": _html(part.closing)}
    return {"type": "section", "id": stable_id(name), "value": value}


def _block(kind: str, name: str, value: dict[str, str]) -> RawBlock:
    return {"type": kind, "id": stable_id(f"{name}/{kind}"), "value": value}


def _html(paragraphs: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)


def _list(steps: tuple[str, ...]) -> str:
    return "<ol>" + "".join(f"<li>{escape(step, quote=False)}</li>" for step in steps) + "</ol>"
