"""Passwords: what is refused, what is taken unchanged, and how they are kept."""

from pathlib import Path

import pytest

from people import passwords, words

LISTED = (Path(passwords.__file__).with_name("common-passwords.txt")).read_text("utf-8").split()
NIP, NAME = "198802022012011902", "Bima Pratama, S.Kom."


def refusal(password: str) -> str | None:
    return passwords.refusal(password, identifier=NIP, name=NAME)


def test_the_block_list_is_long_and_wholly_refused() -> None:
    assert len(LISTED) >= 3_000
    assert [word for word in LISTED if refusal(word) is None or not passwords.is_common(word)] == []
    # Not only because most of it is short.
    assert [word for word in LISTED[::25] if refusal(word + word + word + "1") is None and len(word) >= 5] == []


def _common() -> list[str]:
    bases = [
        "password",
        "rahasia",
        "sayang",
        "indonesia",
        "qwertyuiop",
        "netralitas",
        "bawaslu",
        "kpu",
        "sinetral",
        "pemilu",
    ]
    shapes = [
        "{0}{0}{0}{0}{0}",
        "{0}1234567890123456",
        "{0} {0} {0} {0} {0}",
        "{0}2024{0}2025{0}2026",
        "{0}!!!!!!!!!!!!!!!!",
        "{0}.{0}.2026.123456789",
        "1234567890{0}1234567890",
        "{0}qwertyuiopasdfghjkl",
        "{0}abcdefghijklmnop",
        "aaaaaaaaaa{0}aaaaaaaaaa",
    ]
    return [shape.format(base.capitalize()) for base in bases for shape in shapes]


@pytest.mark.parametrize("password", _common())
def test_little_more_than_a_common_word_is_refused(password: str) -> None:
    assert len(password) >= passwords.SHORTEST
    assert refusal(password) == "password_common"


@pytest.mark.parametrize(
    "password",
    [
        *("P@ssw0rdP@ssw0rd", "Netr4lit4s-2026!", "123456789012345", "987654321098765", "111111111111111"),
        *("qwertyuiopasdfgh", "1qaz2wsx3edc4rfv", "abcabcabcabcabc", "abcdefghijklmnop", "ponmlkjihgfedcba"),
        *(
            "sayangku cintaku",
            "indonesia merdeka 17",
            "KPU Bawaslu 2026",
            "netral netral netral",
            "pilkada pemilu 2024",
        ),
        *(
            "aaaaaaaaaaaaaaaaaaaaaaaaa",
            "asn asn asn asn asn",
            "pppk2024pppk2024",
            "17081945 17081945",
            "zxcvbnmasdfghjkl",
        ),
    ],
)
def test_patterns_are_refused(password: str) -> None:
    assert refusal(password) == "password_common"


@pytest.mark.parametrize(
    "password",
    [NIP, "19880202 201201 1 902", "199001012020121999", "Bima Pratama 1988", "pratamabima02021988", f"{NIP}!"],
)
def test_what_others_know_of_a_person_is_refused(password: str) -> None:
    assert refusal(password) == "password_personal"


@pytest.mark.parametrize(
    "password",
    [
        *(
            "empat kuda makan tape",
            "lumbung ketapang 7 angsa",
            "correct horse battery staple",
            "pisau dapur nenek hilang",
        ),
        *("x8#kQ!2v$Lp&9Zr", "7351902846173950", "Zebra?melompati*pagar", "kopi—pahit—tanpa—gula", "ᮞᮥᮔ᮪ᮓ ᮞᮀᮊᮥᮛᮤᮀ ᮘᮔ᮪ᮓᮥᮀ"),
        *(
            "🦊🐼🐻🐨🐯🦁🐮🐷🐸🐵🐔🐧🦆🦉🐺",
            "تفاحة زرقاء تطير ليلا",
            "  spasi di awal dan akhir  ",
            "baris\tdengan\ttabulator panjang",
            "ⓐⓖⓝⓔⓢ menanam jagung",
        ),
        "Di bukit yang jauh, tujuh penenun menghitung bintang dengan jemari, 9 tahun",
    ],
)
def test_all_characters_are_allowed_and_kept_unchanged(password: str) -> None:
    assert refusal(password) is None
    kept = passwords.hashed(password)
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password[:-1])
    assert not passwords.matches(kept, password + " ")


def test_a_long_pass_phrase_is_accepted_whole() -> None:
    phrase = ("tujuh penenun menghitung bintang dari bukit yang jauh sambil menyanyikan lagu lama " * 4)[:128]
    assert len(phrase) == 128
    assert refusal(phrase + "x" * 128) is None
    assert refusal(phrase + "x" * 129) == "password_long"
    kept = passwords.hashed(phrase)
    assert passwords.matches(kept, phrase)
    assert not passwords.matches(kept, phrase[:127] + "!")


def test_an_accent_may_be_composed_either_way() -> None:
    assert passwords.matches(passwords.hashed("cafe\u0301 di pojok desa"), "caf\u00e9 di pojok desa")


def test_hashes_are_argon2id_with_the_parameters_of_owasp() -> None:
    kept = passwords.hashed("empat kuda makan tape")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != passwords.hashed("empat kuda makan tape")


def test_nobody_matches_no_hash() -> None:
    for kept in (None, ""):
        assert not passwords.matches(kept, "empat kuda makan tape")


def test_the_longest_password_is_judged_quickly() -> None:
    from time import process_time

    start = process_time()
    for password in ("ab1 " * 64, "a" * 256, LISTED[9] * 60, "".join(map(chr, range(33, 120))) * 2):
        refusal(password[:256])
    assert process_time() - start < 1


def test_every_refusal_has_words() -> None:
    assert {refusal(each) for each in ("a", "a" * 300, "a" * 20, NIP)} == set(words.PASSWORD)
