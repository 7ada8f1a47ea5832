"""A repeated request is done once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shop.stripe_sandbox.server import SandboxServer
from tests.shop.sandbox.conftest import KEY, SECRETS, Api, line, wanted

CREATE = "/v1/checkout/sessions"


def test_a_repeated_request_gets_the_first_answer(api: Api) -> None:
    first = api("POST", CREATE, wanted(), Idempotency_Key="order-1")
    second = api("POST", CREATE, wanted(), Idempotency_Key="order-1")

    assert second.text == first.text
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"] != second.headers["Request-Id"]


def test_a_replay_shows_the_session_as_it_was_then(api: Api) -> None:
    first = api("POST", CREATE, wanted(), Idempotency_Key="order-paid").json
    api.server.pay(first["id"])

    assert api("POST", CREATE, wanted(), Idempotency_Key="order-paid").json["status"] == "open"


def test_a_key_with_other_parameters_is_refused(api: Api) -> None:
    api("POST", CREATE, wanted(), Idempotency_Key="order-2")

    other = api("POST", CREATE, wanted(line_items=[line(1)]), Idempotency_Key="order-2")

    assert (other.status, other.error["type"]) == (400, "idempotency_error")
    assert "Keys for idempotent requests can only be used with the same parameters" in other.error["message"]


def test_a_refused_request_does_not_use_its_key_up(api: Api) -> None:
    refused = api("POST", CREATE, wanted(mode="gift"), Idempotency_Key="order-3")

    right = api("POST", CREATE, wanted(), Idempotency_Key="order-3")

    assert (refused.status, right.status) == (400, 200)
    assert "Idempotent-Replayed" not in right.headers


def test_a_key_is_no_longer_than_255(api: Api) -> None:
    assert api("POST", CREATE, wanted(), Idempotency_Key="k" * 256).error["type"] == "idempotency_error"


def test_sixteen_requests_with_one_key_make_one_session(server: SandboxServer) -> None:
    api = Api(server)

    with ThreadPoolExecutor(16) as pool:
        ids = {
            reply.json["id"]
            for reply in pool.map(lambda _: api("POST", CREATE, wanted(), Idempotency_Key="once"), range(16))
        }

    assert len(ids) == 1
    assert len(api("GET", CREATE).json["data"]) == 1


def test_an_answer_that_was_lost_on_the_way_is_found_again(server: SandboxServer) -> None:
    api = Api(server)
    server.fail_next(carried_out=True)

    lost = api("POST", CREATE, wanted(), Idempotency_Key="order-4")
    found = api("POST", CREATE, wanted(), Idempotency_Key="order-4")

    assert (lost.status, lost.error["type"]) == (500, "api_error")
    assert found.headers["Idempotent-Replayed"] == "true"
    assert len(api("GET", CREATE).json["data"]) == 1


def test_an_outage_does_nothing_and_passes(server: SandboxServer) -> None:
    api = Api(server)
    server.fail_next(2, status=503)

    statuses = [api("POST", CREATE, wanted(), Idempotency_Key="order-5").status for _ in range(3)]

    assert statuses == [503, 503, 200]
    assert len(api("GET", CREATE).json["data"]) == 1


def test_a_hanging_request_is_answered_late(server: SandboxServer) -> None:
    server.hang_next(0.05)

    assert Api(server)("GET", "/v1/account").status == 200


def test_stopping_ends_a_hanging_request() -> None:
    server = SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None).start()
    server.hang_next(60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(Api(server), "GET", "/v1/account")
        while server.application.faults.hangs:
            pass

        server.stop()

        assert waiting.result(timeout=5).status == 503
    server.stop()


def test_a_store_on_disk_is_private_and_lasts(tmp_path: Path) -> None:
    path = tmp_path / "data" / "stripe.sqlite3"
    with SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None, store=path) as server:
        api = Api(server)
        session = api("POST", CREATE, wanted(), Idempotency_Key="kept").json
        server.pay(session["id"])

    with SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None, store=path) as server:
        api = Api(server)
        again = api("POST", CREATE, wanted(), Idempotency_Key="kept").json
        paid = api.session(session["id"])

    assert path.stat().st_mode & 0o777 == 0o600
    assert again["id"] == session["id"]
    assert paid["payment_status"] == "paid"
