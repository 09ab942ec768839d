"""What is shown of the sensors of a live walk."""

from gaitcue.app.status import Status


def test_one_sensor_has_no_name_and_of_several_each_has_its_line() -> None:
    one = Status(["left_shank"])
    assert "    sensor not connected" in one.lines()
    one.linked("left_shank", "connected")
    one.charged("left_shank", 90)
    assert "    sensor connected, battery 90 %" in one.lines()
    two = Status(["left_shank", "right_shank"])
    two.linked("left_shank", "connected")
    two.charged("left_shank", 90)
    two.linked("left_shank", "no data for 2 s; trying again")
    assert "    left_shank no data for 2 s; trying again, battery 90 %" in two.lines()
    assert "    right_shank not connected" in two.lines()
    assert "    last data never" in two.lines()


def test_a_battery_becomes_low_once() -> None:
    one = Status(["left_shank"])
    assert [one.charged("left_shank", percent) for percent in (60, 20, 19, 18)] == [
        False, False, True, False,
    ]  # fmt: skip
    assert Status(["left_shank"]).charged("left_shank", 10)
