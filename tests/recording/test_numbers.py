import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitcue.recording.numbers import parse_block

finite = st.floats(-1e30, 1e30)


@settings(max_examples=60)
@given(st.lists(st.lists(st.one_of(finite, st.none()), min_size=3, max_size=3), min_size=1))
def test_numbers_written_by_repr_read_back_to_the_last_bit(rows):
    text = "".join(
        ",".join("" if cell is None else repr(cell) for cell in row) + "\n" for row in rows
    )
    values = parse_block(text.encode(), 3)
    expected = np.array([[math.nan if cell is None else cell for cell in row] for row in rows])
    assert values.tobytes() == expected.tobytes()


@settings(max_examples=60)
@given(st.text(alphabet="0123456789.-+eE,\n x", max_size=25))
def test_what_is_parsed_is_what_python_would_parse(text):
    text += "\n"
    values = parse_block(text.encode(), 2)
    if values is None:
        return
    cells = [cell for line in text.split("\n")[:-1] for cell in line.split(",")]
    expected = [float(cell) if cell else math.nan for cell in cells]
    np.testing.assert_array_equal(values.reshape(-1), expected)


@pytest.mark.parametrize(
    "line",
    ["1.2.3,4", "1-2,4", "1e,4", "--1,4", "0x5,4", "1 2,4", "1_0,4", "1e999,4", "1e31,4", ".,4",
     "g,4", "1,2,3", "1", "", "1,2\n\n3,4"],
)  # fmt: skip
def test_anything_else_is_left_to_be_looked_at_line_by_line(line):
    assert parse_block(f"{line}\n".encode(), 2) is None


@pytest.mark.parametrize("text", ["1,2", "1,2\n3,4", ""])
def test_a_line_without_its_end_is_not_parsed(text):
    assert parse_block(text.encode(), 2) is None


def test_plain_decimals_of_all_kinds_are_parsed():
    values = parse_block(b"1,-2.5\n.5,5.\n1e5,-1.5E-3\n-0.0,-0\n", 2)
    assert values.tolist() == [[1.0, -2.5], [0.5, 5.0], [1e5, -1.5e-3], [0.0, 0.0]]
    assert np.signbit(values[3]).all()
