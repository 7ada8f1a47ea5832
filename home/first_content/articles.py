"""The two articles of the first content. An article that is there already, wherever an editor moved it, is left as it is."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from wagtail.models import Page

from blog.models import ArticlePage, BlogIndexPage

from .questions import QUESTIONS, stable_id

CHAKRA = "heart-chakra-imbalances-and-trust-issues"
CHAKRA_TITLE = "Chakra Connection: Heart Chakra Imbalances and Trust Issues"
CHAKRA_DESCRIPTION = (
    "Healing Heart Chakra trust issues with journaling and self-reflection to open your heart and rebuild connection."
)
STRUGGLING = "struggling-to-trust-how-to-heal-and-open-your-heart"
STRUGGLING_TITLE = "Struggling to Trust: How to Heal and Open Your Heart"
STRUGGLING_DESCRIPTION = "Six short questions and four unhurried practices for anyone who finds it hard to trust."

Block = dict[str, Any]


@transaction.atomic
def load(blog_index: Page, guides: Mapping[str, Page], products: Mapping[str, Page]) -> dict[str, Page]:
    """Return the articles by the keys "chakra" and "struggling", making those that are missing.

    Safe to repeat. `guides` may hold "harmony", `products` "journal" and "bundle"; what is missing is text without a link.
    """
    assert isinstance(blog_index, BlogIndexPage)  # noqa: S101  # narrows the type; the caller made the page
    struggling, is_new = _article(blog_index, STRUGGLING, STRUGGLING_TITLE, STRUGGLING_DESCRIPTION)
    if is_new:
        _publish(struggling, _struggling_body())
    chakra, is_new = _article(blog_index, CHAKRA, CHAKRA_TITLE, CHAKRA_DESCRIPTION)
    if is_new:
        _publish(
            chakra, _chakra_body(struggling, guides.get("harmony"), products.get("journal"), products.get("bundle"))
        )
    return {"chakra": chakra, "struggling": struggling}


def _article(blog_index: BlogIndexPage, slug: str, title: str, description: str) -> tuple[ArticlePage, bool]:
    key = UUID(stable_id(f"article/{slug}"))
    if existing := ArticlePage.objects.filter(translation_key=key).first():
        return existing, False
    article = ArticlePage(title=title, slug=slug, search_description=description, translation_key=key, live=False)
    blog_index.add_child(instance=article)
    return article, True


def _publish(article: ArticlePage, body: list[Block]) -> None:
    article.body = json.dumps(body)
    article.save_revision().publish()
    article.refresh_from_db()


class _Body:
    """Collects blocks, giving each the id that it has on every machine."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.blocks: list[Block] = []

    def _id(self, suffix: str = "") -> str:
        return stable_id(f"{self.slug}/block/{len(self.blocks)}{suffix}")

    def _items(self, values: list[Any]) -> list[Block]:
        return [{"type": "item", "value": value, "id": self._id(f"/{number}")} for number, value in enumerate(values)]

    def add(self, kind: str, value: Any) -> None:
        self.blocks.append({"type": kind, "value": value, "id": self._id()})

    def heading(self, text: str) -> None:
        self.add("heading", {"text": text})

    def paragraphs(self, *texts: str) -> None:
        for text in texts:
            self.add("paragraph", _rich(text))

    def bullets(self, *sentences: str) -> None:
        self.add("bullets", {"sentences": self._items([_rich(sentence) for sentence in sentences])})

    def pull_quote(self, text: str) -> None:
        self.add("pull_quote", {"text": text})

    def callout(self, label: str, text: str) -> None:
        self.add("callout", {"label": label, "text": _rich(text)})

    def questions(self, questions: list[tuple[str, str]], guide: Page | None = None) -> None:
        items = [{"type": "item", "value": {"text": text}, "id": question_id} for question_id, text in questions]
        self.add("question_list", {"guide": guide.pk if guide else None, "questions": items})

    def practices(self, *steps: tuple[str, str]) -> None:
        self.add(
            "practice_steps", {"steps": self._items([{"title": title, "text": _rich(text)} for title, text in steps])}
        )


def _rich(text: str) -> str:
    return f"<p>{text if isinstance(text, SafeString) else escape(text)}</p>"


def _link(text: str, page: Page | None) -> str:
    return format_html('<a linktype="page" id="{}">{}</a>', page.pk, text) if page else text


def _chakra_body(struggling: Page, guide: Page | None, journal: Page | None, bundle: Page | None) -> list[Block]:
    body = _Body(CHAKRA)
    body.paragraphs(
        "If you’ve ever found yourself wanting closeness but feeling terrified of it at the same time, you’re not alone. "
        "Trust issues don’t just appear out of nowhere. They often grow from deeper emotional wounds, energetic blockages, "
        "and old experiences your heart hasn’t fully processed yet.",
        "And at the center of it all is the Heart Chakra (Anahata). Is the energetic space that holds your capacity to love, "
        "be loved, and feel safe in connection.",
        "When this chakra is out of balance, trust becomes complicated. You might feel guarded, overly cautious, or unsure if "
        "you can rely on yourself, let alone someone else. Sometimes it shows up as emotional distance. Other times, it’s a "
        "fear of intimacy that you can’t quite explain.",
        "Healing this space isn’t about forcing yourself to “trust more.” It’s about gently understanding why your heart "
        "armored itself in the first place.",
    )

    body.heading("Why Heart Chakra Imbalances Affect Trust")
    body.paragraphs(
        "The Heart Chakra governs connection, compassion, emotional safety, and relational openness. When its energy is "
        "disrupted — whether through betrayal, childhood wounds, loss, or repeated disappointment — trust becomes fragile.",
        "You may notice:",
    )
    body.bullets(
        "A difficulty letting others in",
        "Overthinking people’s intentions",
        "Anxiety in relationships",
        "A tendency to expect hurt before it happens",
        "A disconnect from your own intuition",
    )
    body.paragraphs("These patterns aren’t signs of weakness. They’re signs your heart has been protecting you.")
    body.pull_quote("Your heart isn’t closed; it’s cautious.")

    body.heading("How Heart Chakra Trust Issues Develop and How Healing Helps")
    body.paragraphs(
        "Trust issues aren’t just a mental or emotional challenge — they’re often rooted in the energy of the Heart Chakra. "
        "This chakra governs love, compassion, vulnerability, and emotional safety. When it’s blocked or imbalanced, your "
        "heart naturally protects itself, which can show up as difficulty trusting yourself or others.",
        "Experiences like betrayal, abandonment, emotional neglect, or repeated disappointment create energetic contractions "
        "in this center. These contractions are the very foundation of Heart Chakra trust issues. You may notice patterns "
        "like keeping people at arm’s length, overthinking intentions, or struggling to be vulnerable even with loved ones.",
        "Healing the heart isn’t about forcing trust. It’s about nurturing your inner capacity for love and safety. Through "
        "Heart Chakra healing, you gradually release the protective armor, restore self-trust, and create space for authentic "
        "connection.",
        format_html(
            "If you want more guidance on how to rebuild trust step by step, check out {}. It offers reflective exercises and "
            "practices to help your heart safely reopen. By addressing the root energetic imbalance, trust naturally grows. "
            "Not as a demand, but as a natural byproduct of an open, aligned heart.",
            _link(STRUGGLING_TITLE, struggling),
        ),
    )
    body.callout(
        "In essence",
        "trust and Heart Chakra health go hand-in-hand — what you heal energetically, you feel relationally.",
    )

    body.heading("20 Reflective Questions to Heal Trust Issues")
    body.paragraphs(
        "Use these for journaling, meditation, or quiet reflection. Let each one soften the walls around your heart at your own pace."
    )
    body.questions(QUESTIONS, guide)
    body.pull_quote("Healing isn’t about perfection, it’s about awareness.")

    body.heading("Five Empowering Practices for Releasing Trust-Related Energy")
    body.practices(
        (
            "Journaling for Clarity",
            "Writing helps untangle emotional knots, making space for deeper understanding and compassion.",
        ),
        (
            "Therapeutic Support",
            "Working with a therapist or counselor can guide you through old wounds and help rebuild emotional safety.",
        ),
        (
            "Mindfulness & Presence",
            "Staying grounded in the moment helps quiet anxious predictions and nurtures trust in your intuition.",
        ),
        (
            "Gradual Exposure to Connection",
            "You don’t need to rush. Small, intentional steps toward vulnerability build confidence over time.",
        ),
        (
            "Honest Communication",
            "Sharing your fears, boundaries, and needs with loved ones can create the trust you never received in the past.",
        ),
    )
    body.pull_quote("You are allowed to take your heart at your own pace.")

    body.heading("Creating Space for Trust and Connection")
    body.paragraphs(
        "Healing trust issues is one of the most courageous things you can do. It asks you to gently revisit what hurt you, "
        "honor the parts of you that learned to protect themselves, and slowly reopen the doors you once had to close.",
        "As you explore these questions and practices, you’ll begin dissolving Heart Chakra blockages, strengthening your "
        "sense of self-trust, and cultivating relationships that feel safe, authentic, and reciprocal.",
    )
    body.callout(
        "Remember",
        "You don’t rebuild trust by force. You rebuild it through alignment, compassion, and small consistent steps.",
    )
    body.pull_quote("Your heart is not broken; it’s becoming wiser.")

    body.heading("Support Your Heart Chakra Healing Journey")
    body.paragraphs(
        "If you’re ready to go deeper, intentional tools can help you stay grounded and supported as you heal.",
    )
    body.bullets(
        format_html(
            "Explore the {} for guided self-reflection around trust, connection, and emotional safety.",
            _link("Harmony Shadow Work Journal", journal),
        ),
        format_html(
            "For a more immersive experience, the {} combines a heart-centered candle with reflective exercises to harmonize "
            "this energy center and restore your ability to connect with confidence and softness.",
            _link("Heart Chakra Healing Bundle", bundle),
        ),
    )
    body.paragraphs("Healing your heart is a journey but it’s one you don’t have to walk alone.")
    return body.blocks


def _struggling_body() -> list[Block]:
    body = _Body(STRUGGLING)
    body.paragraphs(
        "Some people trust the way they breathe. Others check the door twice. If you are one of the others, there is nothing "
        "to be ashamed of: caution is what a heart learns when it has been careful for good reasons.",
        "This page is short on purpose. It asks you a few questions and offers a few things to do. Take one, leave the rest, "
        "and come back another day if you like.",
    )

    body.heading("Before you begin")
    body.paragraphs(
        "Sit somewhere you can get up from easily. Have a glass of water near you. If a memory comes that is too much, open "
        "your eyes, name five things you can see, and stop for today. Stopping is not failing; it is listening.",
    )
    body.callout(
        "A limit",
        "this is reflection, not therapy. With someone who frightens you, being careful is right, and keeping your distance is "
        "enough.",
    )

    body.heading("Six questions to sit with")
    body.paragraphs("One is plenty for an evening. Write a line, or only think of it while you wash up.")
    body.questions(
        [
            (stable_id(f"{STRUGGLING}/question/{number}"), text)
            for number, text in enumerate(
                (
                    "With whom, or with what, do I feel at ease without trying?",
                    "What does my body do when I begin to doubt somebody?",
                    "Which promise that I made to myself have I kept lately, however small?",
                    "What did I once need to hear, and from whom?",
                    "Where do I say yes when I would rather say not yet?",
                    "What would a little more trust make possible this week?",
                ),
                start=1,
            )
        ]
    )
    body.pull_quote("You may open a window before you open the door.")

    body.heading("Four practices for a slower kind of trust")
    body.practices(
        (
            "The hand and the breath",
            "Lay a hand on your chest. Breathe in as you always do, and breathe out a little longer. Six breaths are enough. "
            "Notice what softens, and what does not want to yet.",
        ),
        (
            "A promise you can keep",
            "Choose something so small that you will surely do it: a walk around the block, a call you have put off. Do it, and "
            "tell yourself that you did. Trusting others often begins with being somebody you can rely on.",
        ),
        (
            "Fact and fear",
            "When a worry about someone comes, draw a line down a sheet of paper. On one side write what happened, on the other "
            "what you fear it means. Read both sides aloud, kindly, before you decide anything.",
        ),
        (
            "One true sentence",
            "With a person who has been good to you, say one sentence that is a little more honest than usual: “I was nervous "
            "about today”, or “I would like to think about it”. Then stop, and let it be received.",
        ),
    )
    body.pull_quote("Slow is a pace, too.")

    body.heading("If it feels like too much")
    body.paragraphs(
        "Old hurt does not have to be carried alone. A therapist, a doctor, or a friend who listens well can hold the other end. "
        "Asking for that is not the opposite of strength. It may be the first trusting thing you do.",
    )
    return body.blocks
