"""Tiny data sets in their publishers' layouts, with made-up numbers."""

import json
import zipfile

import numpy as np
from scipy.io import savemat

G = np.array([0.6, 0.0, 0.8])
"""Gravity in the sensor's axes, in g."""

ROWS = 300


def write(folder, path, *lines, newline="\n"):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"".join(line.encode("latin-1") + newline.encode() for line in lines))
    return file


def rows(values, separator=",", digits=5):
    return [separator.join(f"{value:.{digits}f}" for value in row) for row in values]


def still(n=ROWS, unit=1.0, seed=0):
    """Acceleration at rest with a little noise, in a unit of which gravity has `unit`."""
    return unit * (G + np.random.default_rng(seed).normal(0, 0.001, (n, 3)))


def daphnet(folder):
    acc = np.rint(still(unit=1000)).astype(int)
    labels = np.repeat([0, 1, 2, 1, 2, 0], 50)
    lines = []
    for k in range(ROWS):
        thigh = acc[k] if k >= 20 else [0, 0, 0]
        cells = [int((k + 1) * 15.625), *acc[k], *thigh, *-acc[k], labels[k]]
        lines.append(" ".join(map(str, cells)))
    write(folder, "dataset/S02R01.txt", *lines)
    write(folder, "dataset/S02R02.txt", *lines)


def tdcsfog(folder):
    header = "Time,AccV,AccML,AccAP,StartHesitation,Turn,Walking"
    labels = np.zeros((ROWS, 3), int)
    labels[64:128, 1] = 1
    labels[200:220, 2] = 1
    labels[220:240, 1] = 1
    lines = [
        f"{k}," + ",".join(f"{v:.4f}" for v in acc) + "," + ",".join(map(str, labels[k]))
        for k, acc in enumerate(still(unit=-9.81))
    ]
    for name in ("00aa11bb22", "33cc44dd55"):
        write(folder, f"train/tdcsfog/{name}.csv", header, *lines)
    write(
        folder,
        "tdcsfog_metadata.csv",
        "Id,Subject,Visit,Test,Medication",
        "00aa11bb22,p1,3,2,on",
        "33cc44dd55,p2,3,1,off",
    )
    write(
        folder,
        "events.csv",
        "Id,Init,Completion,Type,Kinetic",
        "00aa11bb22,0.5,1.0,Turn,0",
        "00aa11bb22,1.56,1.72,Walking,1",
    )


def turning_in_place(folder):
    columns = ["Frame #", "Time [s]", "ACC ML [g]", "ACC AP [g]", "ACC SI [g]"]
    columns += ["GYR ML [deg/s]", "GYR AP [deg/s]", "GYR SI [deg/s]"]
    cells = [
        f"{k + 1}\t{(k + 1) / 128:.5f}\t"
        + "\t".join(f"{v:.5f}" for v in acc)
        + "\t90.0\t0.0\t-45.0"
        for k, acc in enumerate(still())
    ]
    frozen = np.arange(ROWS) // 100 == 1
    flagged = [f"{line}\t{int(flag)}" for line, flag in zip(cells, frozen, strict=True)]
    header = "\t".join(columns)
    write(folder, "IMU/SUB01_1.txt", header + "\tFreezing event [flag]", *flagged)
    write(folder, "IMU/SUB01_standing.txt", header, *cells)
    write(
        folder,
        "PDFEinfo.csv",
        "ID;Height (m);More affected side;units (mg\x95day)",
        "PDFE01;1.5;Left;800",
        ";;;",
    )


def stanford_lumbar(folder):
    header = "time,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z,freeze"
    frozen = np.arange(ROWS) // 64 == 2
    lines = [
        f"{k / 64:.6f}," + ",".join(f"{v:.4f}" for v in acc) + f",0.5,0.0,-0.25,{int(frozen[k])}"
        for k, acc in enumerate(still(unit=9.7))
    ]
    write(folder, "pt1_visit_27.1_tbc_walklr_1_trial_2.csv", header, *lines)
    write(folder, "pt10_visit_6_tbc_walklr_0_trial_1.csv", header, *lines)


def mobgap_example(folder):
    """Two people in .mat files, of whom one comes as CSV as well; a third as CSV only."""
    bout = {
        "Start": 0.5,
        "End": 2.5,
        "WalkingSpeed": 1.1,
        "AverageStrideLength": 1.2,
        "InitialContact_Event": np.array([0.5, 1.0, np.nan, 2.5]),
        "InitialContact_LeftRight": np.array(["Left", "Right", "Left", "Right"], object),
        "FinalContact_Event": np.array([0.7]),
        "FinalContact_LeftRight": "Right",
        "Stride_InitialContacts": np.array([[50.0, np.nan], [100, 250]]),
        "Stride_Length": np.array([1.0, 1.25]),
        "Stride_Speed": np.array([np.nan, 1.0]),
        "Turn_Start": 1.5,
        "Turn_End": 2.0,
        "Turn_Angle": -90.0,
    }
    other = bout | {"Start": 0.4, "WalkingSpeed": 9.0}
    seconds = bout | {"Stride_InitialContacts": np.array([[0.5, np.nan], [1.0, 2.5]])}
    nothing = np.array([])
    standards = {
        "Trial1": {
            "INDIP": {"ContinuousWalkingPeriod": bout, "Fs": 100.0},
            "Stereophoto": {"ContinuousWalkingPeriod": other, "Fs": 100.0},
        },
        "Trial2": {
            "INDIP": {"ContinuousWalkingPeriod": nothing, "Fs": 100.0},
            "Stereophoto": {"ContinuousWalkingPeriod": [seconds, other], "Fs": 100.0},
        },
        "Trial3": {},
    }
    sensor = {"Acc": still(), "Gyr": np.tile([90.0, 0, -45], (ROWS, 1))}
    trials = {n: {"SU": {"LowerBack": sensor}, "Standards": s} for n, s in standards.items()}
    for cohort, person in (("HA", "001"), ("PD", "002")):
        home = folder / "data/lab" / cohort / person
        home.mkdir(parents=True)
        data = {"data": {"TimeMeasure1": {"Test5": trials}}}
        savemat(home / "data.mat", data, do_compression=True)
        info = {"TimeMeasure1": {"Height": 159.0}}
        savemat(home / "infoForAlgo.mat", {"infoForAlgo": info}, do_compression=True)
    header = "samples,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z"
    lines = [
        f"{k}," + ",".join(f"{v:.6f}" for v in acc) + ",90.0,0.0,-45.0"
        for k, acc in enumerate(still())
    ]
    for person in ("HA/001", "HA/009"):
        write(folder, f"data_csv/{person}/TimeMeasure1_Test5_Trial1.csv", header, *lines)


def voisard497(folder):
    counters = np.concatenate([np.arange(100), np.arange(110, ROWS)])
    columns = "PacketCounter\tAcc_X\tAcc_Y\tAcc_Z\tGyr_X\tGyr_Y\tGyr_Z\tMag_X\tMag_Y\tMag_Z"
    lines = [
        f"{counter:.1f}\t" + "\t".join(f"{v:.5f}" for v in acc) + "\t1.5\t0.0\t-0.5\t0\t0\t0"
        for counter, acc in zip(counters, still(len(counters), 9.8), strict=True)
    ]
    for trial in ("2-1", "10-1"):
        for sensor in ("lb", "lf", "rf"):
            file = f"GaitData/{trial}_{sensor}.txt"
            write(folder, file, "Acquisition frequency: 100 Hz", columns, *lines)
        about = {
            "Subject": int(trial.split("-")[0]),
            "Trial": 1,
            "Height": 175.0 if trial == "2-1" else float("nan"),
            "TrialBoundaries": [40, 280],
            "UTurnBoundaries": [150, 180],
            "LeftFootEvents": [[40, 80], [150, 190]],
            "RightFootEvents": [[90, 130], [210, 280]],
        }
        write(folder, f"GaitData/{trial}.json", json.dumps(about))


def ipol265(folder):
    header = "LAV,LAX,LAY,LAZ,LRV,LRX,LRY,LRZ,RAV,RAX,RAY,RAZ,RRV,RRX,RRY,RRZ"
    left = [0.0, 0.1, 0.2, 0.3, 0.0, 90.0, 0.0, -45.0]
    right = [0.0, -0.1, 0.0, 0.5, 0.0, 45.0, 0.0, 0.0]
    for trial, group in (("1-1", "Neurological"), ("7-1", "Healthy")):
        write(folder, f"GaitData/{trial}.csv", header, *rows([left + right] * ROWS, digits=4))
        about = {
            "Subject": int(trial[0]),
            "Height": 1.65,
            "WalkedDistance": 2,
            "WalkingSpeed": 99,
            "PathologyGroup": group,
            "LeftFootActivity": [[40, 100], [160, 220], [158, 221]],
            "RightFootActivity": [[100, 160], [180, 240]],
        }
        write(folder, f"GaitData/{trial}.json", json.dumps(about))


def gaitmap_example(folder):
    home = folder / "example_data"
    axes = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    left = np.hstack([still(ROWS, 9.8), np.tile([90.0, 0, -45], (ROWS, 1))])
    both = np.column_stack([np.arange(ROWS), left, -left])
    interleaved = both[:, [0, *np.array([[1 + k, 7 + k] for k in range(6)]).ravel()]]
    sides = ["left_sensor"] * 6 + ["right_sensor"] * 6
    by_sensor = [",".join(["sensor", *sides]), ",".join(["axis", *axes, *axes])]
    by_axis = [
        ",".join(["sensor", *["left_sensor", "right_sensor"] * 6]),
        ",".join(["axis", *[axis for axis in axes for _ in range(2)]]),
    ]
    write(home, "imu_sample_not_rotated.csv", *by_sensor, *rows(both))
    write(home, "imu_sample.csv", *by_axis, *rows(interleaved))
    stairs = [",".join(["", *sides]), ",".join(["", *axes, *axes])]
    write(home, "imu_sample_healthy_stair_up.csv", *stairs, *rows(both))
    write(home, "imu_sample_ic_stride.csv", *by_axis, *rows(interleaved))
    single = np.column_stack([np.arange(ROWS), np.arange(ROWS) + 23000, left])
    for side in ("left", "right"):
        write(home, f"imu_sample_ms_{side}.csv", ",".join(["", "index", *axes]), *rows(single))
    write(
        home,
        "stride_events_sample.csv",
        "s_id,foot,start,end,ic,tc,min_vel,pre_ic",
        "0,left,61.44,163.84,143.36,81.92,61.44,40.96",
        "1,right,102.4,204.8,184.32,122.88,102.4,81.92",
    )
    write(
        home,
        "stride_borders_sample_ic_stride.csv",
        "s_id,foot,start,end,gsd_id",
        "0,left,51.2,153.6,1",
    )
    walking = np.arange(150) * 10.0  # mm in each 1/100 s: 1 m/s
    markers = ["L_TOE"] * 3 + ["R_FCC"] * 3 + ["L_FCC"] * 3
    path = np.column_stack(
        [np.arange(150), *[walking * 0] * 3, 0.8 * walking, 0.6 * walking, walking * 0,
         walking, walking * 0, walking * 0]
    )  # fmt: skip
    header = [",".join(["", *markers]), ",".join(["", *["x", "y", "z"] * 3])]
    write(home, "mocap_sample.csv", *header, *rows(path))


def oxford_steps(folder):
    start = 263239144953734
    for trial, period in (
        ("Nexus_Ann_Hard_InHand_1", 5_000_000),
        ("Pixel_Bob_Hard_Purse_2", 10_000_000),
    ):
        home = f"optimisation/data/{trial}"
        motion = [
            f"{start + k * period},2," + ",".join(f"{v:.5f}" for v in acc)
            for k, acc in enumerate(still(unit=9.8))
        ]
        switches = [(1, 0), (1, 0), (0, 0), (0, 1), (0, 1), (1, 0), (0, 1)]
        steps = [
            f"{start + k * 100_000_000},{left},{right}" for k, (left, right) in enumerate(switches)
        ]
        write(folder, f"{home}/accelerometer.csv", *motion)
        write(folder, f"{home}/stepcounter.csv", *steps)


def sisfall(folder):
    acc = np.rint(still(unit=256)).astype(int)
    lines = [
        f" {x:4d},{y:4d},{z:4d},2949,   0,-1474,{4 * x:4d},{4 * y:4d},{4 * z:4d};"
        for x, y, z in acc
    ]
    write(folder, "SE01/D01_SE01_R01.txt", *lines, "  ", newline="\r\n")
    write(folder, "SE01/D07_SE01_R02.txt", *lines, newline="\r\n")
    write(folder, "Readme.txt", "| SE01    | 71  | 171    | 102    | M      |", "Espa\xf1ol")


def umafall(folder):
    header = [
        "% Universidad de Malaga - ETSI de Telecomunicacion (Spain)  ",
        "% Name: Subject_02",
        "% Height(cm): 167   ",
        "        ",
        "% MAC Address; Sensor_ID; Position; Device Model       ",
        "%f8:95:c7:f3:ba:82; 0; RIGHTPOCKET; lge-LG-H815-5.1    ",
        "%C4:BE:84:70:64:8A; 1; CHEST; SensorTag                ",
        "%B0:B4:48:B8:77:03; 4; ANKLE; SensorTag                ",
        "  ",
        "% TimeStamp; Sample No; X-Axis; Y-Axis; Z-Axis; Sensor Type; Sensor ID;    ",
    ]
    acc = still(400)
    lines = [f"{5 * k};{k + 1};{a:.4f};{b:.4f};{c:.4f};0;0" for k, (a, b, c) in enumerate(acc)]
    for k in range(40):
        a, b, c = acc[k]
        stamp = 50 * k
        lines.append(f"{stamp};{k + 1};{a:.4f};{b:.4f};{c:.4f};0;1")
        if k != 7:
            lines.append(f"{stamp + 2};{k + 1};90.0;0.0;-45.0;1;1")
        lines.append(f"{stamp + 3};{k + 1};10.0;20.0;30.0;2;1")
    for what in ("ADL_Bending_1", "ADL_Walking_1", "Fall_forwardFall_1"):
        name = f"UMAFall_Subject_02_{what}_2016-06-13_20-25-34.csv"
        write(folder, name, *header, *lines)


def weda_fall(folder):
    time = np.arange(ROWS) / 50
    acc = np.column_stack([time, still(unit=9.8)])
    gyro = np.column_stack([time[5:] + 0.004, np.tile([0.5, 0, -1], (ROWS - 5, 1))])
    for code, trial in (("D01", "U21_R01"), ("D10", "U05_R02")):
        for home in ("dataset/50Hz", "dataset/25Hz"):
            header = "{0}_time_list,{0}_x_list,{0}_y_list,{0}_z_list"
            file = f"{home}/{code}/{trial}"
            write(folder, f"{file}_accel.csv", header.format("accel"), *rows(acc, digits=3))
            write(folder, f"{file}_gyro.csv", header.format("gyro"), *rows(gyro, digits=3))


WRITERS = {
    writer.__name__: writer
    for writer in (
        daphnet, gaitmap_example, ipol265, mobgap_example, oxford_steps, sisfall, stanford_lumbar,
        tdcsfog, turning_in_place, umafall, voisard497, weda_fall,
    )
}  # fmt: skip


def zipped(folder, file):
    """The files of a folder in a zip, under the folder's own name as publishers do."""
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    return file
