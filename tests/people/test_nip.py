"""NIP: what is refused, what is only warned of, and what people and Excel do to the number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import nip, words
from people.nip import Nip, NotNip

TODAY = date(2026, 11, 21)
PNS, PPPK = "199001012020121999", "199002022024212999"


@pytest.mark.parametrize(
    ("text", "kind", "sex", "birth"),
    [
        (PNS, "pns", "L", date(1990, 1, 1)),
        (PPPK, "pppk", "P", date(1990, 2, 2)),
        ("199002022024242999", "pppk", "P", date(1990, 2, 2)),
        ("199202292015011999", "pns", "L", date(1992, 2, 29)),
        ("196611211986121999", "pns", "L", date(1966, 11, 21)),
        ("199001012027011999", "pns", "L", date(1990, 1, 1)),
    ],
)
def test_a_plausible_number_is_read_without_warning(text: str, kind: str, sex: str, birth: date) -> None:
    assert nip.parse(text, today=TODAY) == Nip(text, birth, kind, sex)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("", ("nip_empty",)),
        (" - ", ("nip_empty",)),
        ("'", ("nip_empty",)),
        ("1,98503E+17", ("nip_rounded",)),
        ("1.98503152010011e+17", ("nip_rounded",)),
        ("1,98503E17", ("nip_rounded",)),
        ('="1,98503E+17"', ("nip_rounded",)),
        ("19900101202012199O", ("nip_not_digits",)),
        ("١٩٩٠٠١٠١٢٠٢٠١٢١٩٩٩", ("nip_not_digits",)),
        ("¹99001012020121999", ("nip_not_digits",)),
        ("131234567", ("nip_old",)),
        ("19900101202012199", ("nip_length",)),
        ("1990010120201219990", ("nip_length",)),
        ("199013012020121999", ("nip_birth",)),
        ("199102292015011999", ("nip_birth",)),
        ("190002292015011999", ("nip_birth",)),
        ("000001012020121999", ("nip_birth",)),
        ("202611222026121999", ("nip_birth_future",)),
        ("199001011949121999", ("nip_year",)),
        ("199001012028011999", ("nip_year",)),
        ("199001012020123999", ("nip_sex",)),
        ("199001012020120999", ("nip_sex",)),
        ("199013011949123999", ("nip_birth", "nip_year", "nip_sex")),
    ],
)
def test_what_cannot_be_a_nip_is_refused_with_its_reasons(text: str, reasons: tuple[str, ...]) -> None:
    assert nip.parse(text, today=TODAY) == NotNip(reasons)


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("200412312021121999", ("nip_age",)),  # 16 years old
        ("200411012021111999", ()),  # 17 in that very month
        ("195001012020121999", ("nip_age",)),  # 70
        ("196001012020121999", ()),  # 60
        ("195912012020121999", ("nip_age",)),  # 61
        ("200712312024212999", ()),  # PPPK: no month known, may have been 17
        ("200801012024212999", ("nip_age",)),
        ("199001011980121999", ("nip_age",)),
        ("199001012020001999", ("nip_month",)),
        ("199001012020131999", ("nip_month",)),
        ("199001012020201999", ("nip_month",)),
        ("199001012020211999", ()),
        ("199001012020991999", ()),
        ("199001012020121000", ("nip_serial",)),
        ("195001012020131000", ("nip_age", "nip_month", "nip_serial")),
    ],
)
def test_what_is_merely_odd_is_a_warning(text: str, warnings: tuple[str, ...]) -> None:
    found = nip.parse(text, today=TODAY)
    assert isinstance(found, Nip)
    assert found.warnings == warnings


@pytest.mark.parametrize(
    "text",
    [
        "19900101 202012 1 999",
        "19900101.202012.1.999",
        "19900101-202012-1-999",
        "19900101–202012–1–999",
        "'199001012020121999",
        "’199001012020121999",
        '="199001012020121999"',
        '="\'199001012020121999"',
        '"199001012020121999"',
        "\u00a0199001012020121999\u00a0",
        "\ufeff199001012020121999\u200b",
        "\t19900101\u00a0202012\u00a01\u00a0999\n",
    ],
)
def test_spellings_of_people_and_excel_mean_the_same_number(text: str) -> None:
    found = nip.parse(text, today=TODAY)
    assert isinstance(found, Nip)
    assert found.number == PNS


def test_differing_birth_date_and_sex_only_warn() -> None:
    found = nip.parse(PNS, today=TODAY)
    assert isinstance(found, Nip)
    assert nip.differences(found, birth=date(1990, 1, 1), sex="L") == ()
    assert nip.differences(found, birth=None, sex="") == ()
    assert nip.differences(found, birth=date(1990, 1, 2), sex="P") == ("nip_birth_differs", "nip_sex_differs")


def test_every_code_has_words() -> None:
    source = "".join(path.read_text("utf-8") for path in words_users())
    used = {code for code in words.ALL if f'"{code}"' in source}
    assert used == set(words.ALL)
    assert all(len(pair) == 2 and pair[1].endswith(".") for pair in words.ALL.values())


def words_users() -> list:  # type: ignore[type-arg]
    from pathlib import Path

    return [path for path in (Path(nip.__file__).parent).glob("*.py") if path.name != "words.py"]


@given(st.text(max_size=40))
def test_any_text_is_a_nip_or_has_reasons(text: str) -> None:
    found = nip.parse(text, today=TODAY)
    if isinstance(found, Nip):
        assert nip.normalised(text) == found.number
    else:
        assert found.reasons
        assert all(words.sentence(code) for code in found.reasons)


@given(
    st.dates(date(1950, 1, 1), date(2008, 1, 1)),
    st.integers(1950, 2027),
    st.integers(0, 99),
    st.sampled_from("12"),
    st.integers(0, 999),
)
def test_every_built_number_is_accepted(birth: date, year: int, code: int, sex: str, serial: int) -> None:
    number = f"{birth:%Y%m%d}{year}{code:02}{sex}{serial:03}"
    found = nip.parse(number, today=TODAY)
    assert isinstance(found, Nip)
    assert (found.number, found.birth) == (number, birth)
    assert found.kind == ("pppk" if code >= 21 else "pns")
