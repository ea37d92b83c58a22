"""Sign-in: form, bcrypt and cookie of streamlit-authenticator over the server's own session table.

The library alone accepts a copied cookie after logout, never ends an open tab and tells known from unknown
names by time; so its check of credentials, its token and its cookie call are replaced here. What is replaced
is private: the version is pinned and ``tests/auth`` fails when it moves.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import jwt
import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.utilities import LoginError

from fundwatch.access import roles_in_words
from fundwatch.home import PROJECT, Home
from fundwatch.state.audit import record
from fundwatch.state.db import engine
from fundwatch.state.failures import LockedError
from fundwatch.state.keys import cookie_key
from fundwatch.state.sessions import HOUR, MINUTE, Sessions
from fundwatch.state.single_sign_on import configured, enter
from fundwatch.state.users import User, Users
from fundwatch.ui.words import escaped

PRODUCT = "医保基金监管驾驶舱"
COOKIE = "fundwatch_session"
ISSUER = "fundwatch"
#: keys in Streamlit's session state
SESSION, TOKEN, NOTICE, SIGNED_OUT = "session_id", "_session_token", "_signin_notice", "_signed_out"
LIBRARY_KEYS = ("name", "username", "authentication_status", "email", "roles")
FIELDS = {"Form name": "登录", "Username": "账号", "Password": "密码", "Login": "登录"}
ASSETS = PROJECT / "fundwatch" / "ui" / "assets"
MARK, WORDMARK = ASSETS / "mark.png", ASSETS / "wordmark.png"
SUMMARY = "检查、审核、基金,一处可查"
EXPIRED = "登录已过期,请重新登录。"
NO_ACCOUNT = "统一认证已通过,但本系统没有为您开通账号,或账号已停用。请联系系统管理员。"


def current_user(home: Home, touch: bool = True) -> User | None:
    """The signed-in user of this browser session, or None. Asks the database each time."""
    username = Sessions.of(home).user_of(st.session_state.get(SESSION), touch=touch)
    user = Users.of(home).get(username) if username else None
    return user if user and user.enabled else None


def session_check(home: Home) -> Callable[[], bool]:
    """A check of the session now open, for work that runs after the script (deferred downloads)."""
    identifier = st.session_state.get(SESSION)

    def alive() -> bool:
        username = Sessions.of(home).user_of(identifier, touch=False)
        user = Users.of(home).get(username) if username else None
        return user is not None and user.enabled

    return alive


class Authenticator(stauth.Authenticate):
    """The library's form and cookie over our own accounts and sessions."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._users, self._sessions, self._key = Users.of(home), Sessions.of(home), cookie_key(home)
        self._longest = self._sessions.limits.absolute
        people = {
            u.username: {"name": u.post, "email": "", "password": ""}
            for u in self._users.listing()
            if u.enabled
        }
        super().__init__(
            {"usernames": people},
            COOKIE,
            self._key,
            self._longest / (24 * HOUR),
            auto_hash=False,
            login_sleep_time=0,
        )
        self.authentication_controller.authentication_model.check_credentials = self._users.check
        model = self.cookie_controller.cookie_model
        model._token_decode = self._token_of_cookie
        model.set_cookie = self._start_session

    @property
    def wrong(self) -> str:
        """The one answer to a wrong password, an unknown name and a disabled account."""
        lock = self._users.lock_out
        minutes = lock.seconds // MINUTE
        return f"账号或密码不正确。连续输错 {lock.failures} 次将暂停登录 {minutes} 分钟。"

    def keep_cookie(self) -> None:
        """Have the browser hold the current token, or drop a dead one.

        Drawn on every run until the page is loaded anew: a frame that a quick rerun removes may not have run.
        """
        manager = self.cookie_controller.cookie_model.cookie_manager
        token = st.session_state.get(TOKEN)
        if token:
            secure = (st.context.url or "").startswith("https:")
            manager.set(COOKIE, token, max_age=self._longest, secure=secure, same_site="strict")
        elif st.session_state.get(SIGNED_OUT):
            with suppress(KeyError):
                manager.delete(COOKIE)

    def _start_session(self) -> None:
        username = st.session_state["username"]
        identifier = self._sessions.issue(username)
        end = int(self._sessions.clock()) + self._longest
        # exp_date is what the library reads, exp what the signature check reads.
        claims = {"username": username, "exp": end, "exp_date": end, "jti": identifier, "iss": ISSUER}
        st.session_state[SESSION] = identifier
        st.session_state[TOKEN] = jwt.encode(claims, self._key, algorithm="HS256")

    def _token_of_cookie(self) -> dict | bool:
        model = self.cookie_controller.cookie_model
        claims = read_token(model.token, self._key)
        if claims is None or self._sessions.user_of(claims["jti"]) != claims["username"]:
            return False
        st.session_state[SESSION] = claims["jti"]
        return claims


def read_token(token: str, key: str) -> dict | None:
    """The claims of a cookie signed by this home and not past its end, or None."""
    try:
        required = {"require": ["exp", "jti", "username"]}
        return jwt.decode(token, key, algorithms=["HS256"], issuer=ISSUER, options=required)
    except jwt.PyJWTError:
        return None


def sign_in(home: Home, county: str) -> User | None:
    """The signed-in user; draws the sign-in card and returns None when there is none."""
    user = current_user(home) or _from_provider(home)
    if user is None and st.session_state.pop(SESSION, None):
        st.session_state.update(dict.fromkeys(LIBRARY_KEYS))
        st.session_state.pop(TOKEN, None)
        st.session_state.setdefault(NOTICE, EXPIRED)
    if user is None or TOKEN in st.session_state:
        authenticator = Authenticator(home)
        user = user or _from_cookie_or_form(home, authenticator, county)
        authenticator.keep_cookie()
    return user


def sign_out(home: Home) -> None:
    """End the session on the server, which makes every copy of its cookie worthless, and clear this tab."""
    user = current_user(home, touch=False)
    Sessions.of(home).revoke(st.session_state.get(SESSION, ""))
    if st.user.get("is_logged_in"):
        # the browser drops the provider's token; it is worth nothing here any more in any case
        st.logout()
    if user:
        record(engine(home), user.username, "退出登录")
    for key in list(st.session_state.keys()):
        del st.session_state[key]
    st.session_state[SIGNED_OUT] = True
    st.session_state[NOTICE] = "已退出登录。"


def _from_provider(home: Home) -> User | None:
    """The account that the provider's token names, while its session lives; says so when there is none."""
    provider = configured(home)
    if provider is None or not st.user.get("is_logged_in") or st.session_state.get(SIGNED_OUT):
        return None
    identifier, user = enter(home, st.user.to_dict(), provider.claim)
    if user is not None:
        st.session_state[SESSION] = identifier
        st.session_state.pop(NOTICE, None)
    elif not st.session_state.get(SESSION):
        ended = Sessions.of(home).knows(identifier)
        st.session_state.setdefault(NOTICE, EXPIRED if ended else NO_ACCOUNT)
    return user


def _from_cookie_or_form(home: Home, authenticator: Authenticator, county: str) -> User | None:
    if not st.session_state.get(SIGNED_OUT):
        with suppress(LoginError):
            authenticator.login("unrendered")
        if user := current_user(home):
            return user
    place = st.empty()
    with place.container():
        _card(authenticator, county)
    user = current_user(home)
    if user:
        for key in (SIGNED_OUT, NOTICE):
            st.session_state.pop(key, None)
        place.empty()
    return user


def _card(authenticator: Authenticator, county: str) -> None:
    outer = st.container(key="signin", horizontal_alignment="center")
    with outer, st.container(border=True, width=420, gap="small", key="signin_card"):
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.image(str(MARK), width=72)
        st.title(PRODUCT, anchor=False, text_alignment="center")
        st.caption(f"{escaped(county)} · {SUMMARY}" if county else SUMMARY, text_alignment="center")
        failed = None
        try:
            authenticator.login("main", fields=FIELDS, key="signin_form")
            if st.session_state.get("authentication_status") is False:
                failed = authenticator.wrong
        except LockedError as locked:
            failed = locked.message
        except LoginError:
            failed = authenticator.wrong
        if configured(authenticator.home) and st.button(
            "统一认证登录", key="single_sign_on", width="stretch", icon=":material/badge:"
        ):
            st.login()
        if failed:
            st.error(failed, icon=":material/error:")
        elif notice := st.session_state.get(NOTICE):
            st.info(notice, icon=":material/info:")
        st.caption(
            "账号由系统管理员开通。忘记密码请联系系统管理员重置。本系统仅供授权人员使用,全部操作留痕。"
        )


def user_box(home: Home, user: User) -> None:
    """Who is signed in and the way out, at the foot of the sidebar."""
    with st.sidebar, st.container(key="account", gap="small"):
        st.caption(f"{user.post} · {roles_in_words(user.roles)}")
        st.button(
            "退出登录",
            icon=":material/logout:",
            on_click=sign_out,
            args=(home,),
            key="sign_out",
            type="tertiary",
        )
