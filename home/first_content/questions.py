"""The article's twenty questions with the ids they keep for ever, in article and guide alike."""

from uuid import NAMESPACE_URL, uuid5

_TEXTS = (
    "What are the earliest memories or experiences that shaped my ability to trust?",
    "How do I define trust, and what expectations do I hold in relationships?",
    "Can I identify patterns that triggered trust issues in past connections?",
    "What fears or beliefs about myself and others make it hard to trust?",
    "How has mistrust affected my well-being and the quality of my relationships?",
    "In what ways do I protect myself from potential betrayal or disappointment?",
    "What messages about trust did I receive growing up, and how have they shaped me?",
    "How does my fear of trusting others reflect my trust in myself?",
    "Have moments of mistrust influenced outcomes in relationships?",
    "How does fear of vulnerability show up in my interactions?",
    "Can I distinguish between healthy skepticism and self-sabotaging mistrust?",
    "Which triggers heighten my trust issues, and how can I respond differently?",
    "What steps can I take to rebuild trust in myself?",
    "How can I communicate my trust struggles to loved ones constructively?",
    "How does fear of betrayal impact my ability to forgive?",
    "What boundaries protect me without shutting others out?",
    "Are there self-care practices that help me navigate moments of distrust?",
    "How can I challenge negative thoughts and replace them with affirmations of self-worth?",
    "What qualities in others feel trustworthy, and how can I focus on these?",
    "What actions can I take to actively rebuild trust, and how will I measure progress?",
)


def stable_id(name: str) -> str:
    """Return the id that a piece of first content has on every machine."""
    return str(uuid5(NAMESPACE_URL, f"https://anahata.example/first-content/{name}"))


# (id, text), in the article's order.
QUESTIONS: list[tuple[str, str]] = [
    (stable_id(f"heart-chakra-imbalances-and-trust-issues/question/{number}"), text)
    for number, text in enumerate(_TEXTS, start=1)
]
