"""The words of the plain text pages. Policies are samples, marked as such: only the owner knows the true ones."""

_ABOUT = """
<p>Anahata is the name of the heart centre in the yoga tradition. Nobody needs to believe in it to read here. We use the word because it is a kind one for the place in us that wants to be close and is afraid of it.</p>
<p>There is one long article here, with twenty questions and five practices. It is free, all of it. There is a small shop with a journal and a candle, for those who want to go on. And there is a private room to write in, for those who bought one of the two.</p>
<h2>How we try to work</h2>
<ul><li>Nothing counts down and nothing nags.</li><li>Comments appear only after a person has read them.</li><li>What you write in your journal is encrypted, and nobody of us reads it.</li><li>No page asks anything of other companies. There is nothing to consent to.</li></ul>
"""

_SHIPPING = """
<p>The candle is posted. The journal is a room on this site: nothing of it is posted, and it opens as soon as you have paid.</p>
<h2>Delivery</h2>
<p>The countries we post to, with the cost and the time it takes, stand in the cart before you pay.</p>
<h2>Returns</h2>
<p>You may send the candle back unused within thirty days. The journal is separate: sending a candle back does not close your journal, and whatever you have written stays yours to read and to take with you.</p>
"""

_PRIVACY = """
<h2>Reading</h2>
<p>Reading sets no cookie and is not followed. The pages load nothing from other companies.</p>
<h2>Commenting</h2>
<p>A comment keeps your name, your address and your words. Your address is never shown. Nothing appears before a person has approved it.</p>
<h2>Buying</h2>
<p>Payment happens at Stripe. We keep the order, your address and where to post the candle, as the law asks. We never see your card.</p>
<h2>Writing</h2>
<p>Your journal is encrypted with a key of your own, which is itself locked with a key that is kept apart from the database. Nobody who works in this site's admin can read it. Someone who runs programs on the server could, in principle; we say so because it is true.</p>
"""

_TERMS = """
<p>Prices include tax where tax is due. An order is accepted when it is paid. What is bought as digital opens at once.</p>
<p>The journal and the exercises are for self-reflection. They are not therapy and promise no result.</p>
"""

_HELP = """
<p>Some questions touch old wounds. If tonight is hard, you may close this page: nothing here has to be answered, and nothing runs away.</p>
<h2>If you are in danger now</h2>
<p>Call the emergency number of the country you are in, or go to someone who can be with you. Where you are matters more than which words you find.</p>
<h2>If you are not, but it is too much</h2>
<ul><li>Call or write to a person you trust, even only to say that it is a hard evening.</li><li>A doctor, a therapist or a counsellor can carry some of this with you.</li><li>Put both feet on the floor, name five things that you see, drink something warm.</li></ul>
<p>We are a small shop with a blog, not a helpline: we may read a message only days later.</p>
"""

_QUESTIONS = """
<h2>Is the journal a book?</h2>
<p>No. Nothing is posted. It is a private room on this site with five sections of questions, and openings and closings around them.</p>
<h2>Aren’t the twenty questions free?</h2>
<p>They are, in the article. What you buy is the guidance around them, the room, and the keeping and coming back.</p>
<h2>Who can read what I write?</h2>
<p>You. It is encrypted with a key of your own, and it appears in no admin, no search and no mail.</p>
<h2>What happens to my words after a refund?</h2>
<p>They stay yours to read and to take with you. Only new writing stops.</p>
<h2>Must I answer all of them?</h2>
<p>No. One question and then stopping is a good way to use it. You may skip any of them for ever.</p>
<h2>Can I do the exercises without the candle?</h2>
<p>Yes. Every exercise works with no candle at all.</p>
"""

# slug: (title, body, whether it is a sample that the owner replaces)
STANDARD_PAGES: dict[str, tuple[str, str, bool]] = {
    "about": ("About", _ABOUT, False),
    "shipping-and-returns": ("Shipping and returns", _SHIPPING, True),
    "privacy": ("Privacy", _PRIVACY, True),
    "terms": ("Terms", _TERMS, True),
    "getting-help": ("Getting help", _HELP, False),
    "questions-and-answers": ("Questions and answers", _QUESTIONS, False),
}
