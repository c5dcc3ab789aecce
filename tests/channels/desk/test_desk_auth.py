"""Who gets in, with what, how often, and what everybody else is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sanic import Sanic

from bot.channels.desk.parts import DeskLimits
from bot.channels.web.rate_limit import Rate
from tests.channels.desk.world import PASSWORD, error_of


async def log_in(site, name: str = "wang", password: str = PASSWORD, **headers: str):
    return await site.client().post(
        "/desk/api/login", json={"name": name, "password": password}, headers=headers
    )


def every_route(site) -> list[tuple[str, str]]:
    """(method, path) of everything under /desk/api, with something in the place of each id."""
    app = Sanic.get_app(f"desk_{id(site.road)}")
    found = []
    for route in app.router.routes:
        path = "/" + route.path
        if path.startswith("/desk/api"):
            for part in ("handoff", "conversation", "evidence", "number"):
                path = path.replace(f"<{part}:str>", "x-1")
            found += [(method, path) for method in route.methods if method != "OPTIONS"]
    assert len(found) > 20, found
    return found


async def test_log_in_says_who_it_is_and_sets_a_cookie_for_the_desk_alone(site):
    await site.agent("wang", "supervisor")
    answer = await log_in(site, "WANG")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"agent", "csrf"}
    assert {**body["agent"], "id": 0} == {
        "id": 0,
        "name": "wang",
        "display_name": "小wang",
        "role": "supervisor",
    }
    cookie = answer.headers["set-cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("desk_session=") and len(name) > 50
    assert {"Path=/desk", "HttpOnly", "SameSite=Strict"} <= set(attributes)
    assert "Secure" not in attributes
    assert body["csrf"] not in cookie


async def test_behind_https_the_cookie_is_sent_over_https_only(make_site):
    site = await make_site(public_url="https://help.example.com")
    await site.accounts.create("wang", PASSWORD, now=site.now[0])
    assert "Secure" in (await log_in(site)).headers["set-cookie"].split("; ")


async def test_me_gives_the_same_as_the_log_in(agent):
    answer = await agent.get("me")
    assert answer.json()["csrf"] == agent.csrf
    assert answer.json()["agent"]["id"] == agent.id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("wang", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("wang", ""),
        ("wang", "x" * 200),
        ("w\x00", "\ud800"),
    ],
)
async def test_every_failed_log_in_hears_the_same_sentence(site, name, password):
    await site.agent("wang")
    answer = await site.client().post(
        "/desk/api/login",
        content=json.dumps({"name": name, "password": password}),
    )
    assert answer.status_code == 401
    assert error_of(answer) == "login_failed"
    assert answer.json()["error"]["message"] == "用户名或密码不正确。"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"name": 5, "password": "x"}', b"\xff"])
async def test_a_log_in_of_another_form_is_refused(site, body):
    answer = await site.client().post("/desk/api/login", content=body)
    assert answer.status_code == 400
    error_of(answer)


async def test_nothing_is_answered_without_a_session(site):
    client = site.client()
    for method, path in every_route(site):
        if path != "/desk/api/login":
            answer = await client.request(method, path, json={})
            assert answer.status_code == 401, (method, path, answer.text)
            assert error_of(answer) == "unauthorized"


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "x" * 5000, "é"], ids=range(5))
async def test_a_made_up_cookie_opens_nothing(site, agent, cookie):
    headers = {"Cookie": b"desk_session=" + cookie.encode()}
    answer = await site.client().get("/desk/api/me", headers=headers)
    assert answer.status_code == 401


async def test_nothing_is_changed_without_the_csrf_token(site, agent):
    other = await site.agent("li")
    for method, path in every_route(site):
        if method == "GET" or path == "/desk/api/login":
            continue
        for token in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": other.csrf}, {"X-CSRF-Token": "ü"}):
            headers = {key: value.encode() for key, value in token.items()}
            answer = await agent.client.request(method, path, json={}, headers=headers)
            assert answer.status_code == 403, (method, path, answer.text)
            assert error_of(answer) == "bad_csrf"
    assert (await agent.get("me")).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:1", 403),
        ("own", 200),
        ("https://desk.example.com", 200),
    ],
)
async def test_another_sites_page_can_do_nothing(make_site, origin, status):
    site = await make_site(public_url="https://desk.example.com")
    await site.accounts.create("wang", PASSWORD, now=site.now[0])
    answer = await log_in(site, Origin=site.url if origin == "own" else origin)
    assert answer.status_code == status, answer.text


async def test_log_out_ends_the_session_and_only_it(site, agent):
    again = await site.sign_in("wang")
    answer = await agent.post("logout")
    assert answer.status_code == 200
    assert "Max-Age=0" in answer.headers["set-cookie"]
    # The cookie itself is dead, not only taken from the browser.
    assert (await agent.get("me")).status_code == 401
    assert (await again.get("me")).status_code == 200


async def test_a_session_ends_by_itself(site, agent):
    site.move(timedelta(hours=13))
    assert (await agent.get("me")).status_code == 401


async def test_who_is_disabled_is_out_at_once(site, agent):
    assert (await agent.get("queue")).status_code == 200
    await site.accounts.deactivate("wang")
    assert error_of(await agent.get("queue")) == "unauthorized"
    assert error_of(await log_in(site)) == "login_failed"


async def test_a_new_password_ends_the_old_sessions(site, agent):
    await site.accounts.set_password("wang", "another horse 43")
    assert (await agent.get("me")).status_code == 401
    assert (await log_in(site)).status_code == 401
    assert (await log_in(site, password="another horse 43")).status_code == 200


async def test_guessing_a_password_is_slowed_down_for_that_name(make_site):
    site = await make_site(DeskLimits(logins_per_name=Rate(3, 1), logins_per_address=Rate(100, 100)))
    await site.accounts.create("wang", PASSWORD, now=site.now[0])
    tries = [await log_in(site, name, "wrong") for name in ("wang", "WANG", "ｗａｎｇ")]
    assert [one.status_code for one in tries] == [401, 401, 401]
    answer = await log_in(site)
    assert answer.status_code == 429
    assert error_of(answer) == "too_many_requests"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert (await log_in(site, "li")).status_code == 401


async def test_guessing_names_is_slowed_down_for_that_address(make_site):
    site = await make_site(DeskLimits(logins_per_address=Rate(3, 1)))
    answers = [await log_in(site, f"name{number}") for number in range(4)]
    assert [one.status_code for one in answers] == [401, 401, 401, 429]


async def test_requests_are_limited_too(make_site):
    site = await make_site(DeskLimits(requests_per_address=Rate(2, 1)))
    client = site.client()
    assert [(await client.get("/desk/api/me")).status_code for _ in range(3)] == [401, 401, 429]


# -- pages ----------------------------------------------------------------------------------------------


async def test_the_page_runs_only_its_own_scripts_and_in_no_frame(site):
    for path, kind in (("/desk/", "text/html"), ("/desk/assets/desk.js", "text/javascript")):
        answer = await site.client().get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'self'", "frame-ancestors 'none'", "img-src 'self' data: blob:"} <= set(policy)
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await site.client().get("/desk")).headers["location"] == "/desk/"


@pytest.mark.parametrize(
    "path", ["nothing.js", "..%2findex.html", "%2e%2e/index.html", ".hidden", "..%5cindex.html", "assets"]
)
async def test_no_other_file_can_be_reached(site, path):
    answer = await site.client().get(f"/desk/assets/{path}")
    assert answer.status_code == 404
    assert error_of(answer) == "not_found"


async def test_json_cannot_be_taken_for_a_page(agent):
    answer = await agent.get("queue")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
