import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gaitcue.review.svg import areas, drawing, element, lines, printable


@given(st.text(), st.text())
def test_any_text_survives_in_a_drawing(words, value):
    root = ET.fromstring(drawing(words, 10, element("g", words, class_=value)))  # noqa: S314 - our own
    plain = printable(words).replace("\r\n", "\n").replace("\r", "\n")
    assert (root[0].text or "") == plain
    assert (root[1].text or "") == plain
    assert set(root[1].attrib) == {"class"}


def test_characters_that_xml_forbids_are_replaced():
    assert printable("a\x00\x1b\ud800\ufffe\tb\N{GRINNING FACE}") == (
        "a" + 4 * "\N{REPLACEMENT CHARACTER}" + "\tb\N{GRINNING FACE}"
    )


def test_attributes_are_named_as_svg_names_them_and_left_out_when_unknown():
    assert element("line", stroke_width=2, x1=1 / 3, class_="a", x2=None) == (
        '<line stroke-width="2" x1="0.333333" class="a"></line>'
    )


def test_a_line_is_written_as_steps_and_one_point_as_a_dot():
    runs = [np.array([[1.2, 2.0], [4.0, 1.0], [4.0, 1.6]]), np.array([[9.0, 9.0]])]
    assert 'd="M1 2l3 -1 0 1M9 9l0 0"' in lines(runs, "curve")
    assert lines([], "curve") == ""
    assert areas(runs, "band") == '<path d="M1 2l3 -1 0 1z" class="band"></path>'
