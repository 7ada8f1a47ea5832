"""Pages that editors write, rows that outlast them, and what a writer keeps."""

from .answers import PRIVATE_MODELS, Answer, AnswerVersion, JournalProfile, Keyring
from .guides import Guide, Prompt, PromptWording
from .pages import GuidePage, JournalIndexPage, PromptSpec

__all__ = [
    "PRIVATE_MODELS",
    "Answer",
    "AnswerVersion",
    "Guide",
    "GuidePage",
    "JournalIndexPage",
    "JournalProfile",
    "Keyring",
    "Prompt",
    "PromptSpec",
    "PromptWording",
]
