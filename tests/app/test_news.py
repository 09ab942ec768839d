"""What a walker is told of what happens."""

from gaitcue.app.news import news_of
from gaitcue.events import MountingSlip, SensorChange
from gaitcue.imu import Placement, Side


def test_a_slipped_strap_is_told_with_what_to_do() -> None:
    news = news_of(MountingSlip(time=5.0, decided=8.0, angle=0.6))
    assert news is not None
    assert "fasten the strap" in news.text


def test_of_several_sensors_the_lost_one_is_named() -> None:
    change = SensorChange(
        time=5.0, decided=6.0, sensor="left_shank", working=False,
        placement=Placement.SHANK, side=Side.LEFT,
    )  # fmt: skip
    lost = news_of(change)
    assert lost is not None
    assert lost.text.startswith("left_shank: nothing comes from it.")
    assert lost.phrase is not None
