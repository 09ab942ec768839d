"""Runs KielMAT's gait sequences and initial contacts on a folder of motion: FOLDER OUT.json."""

import each_walk
import numpy as np
import pandas as pd
from kielmat.modules.gsd import ParaschivIonescuGaitSequenceDetection
from kielmat.modules.icd import ParaschivIonescuInitialContactDetection

STANDARD_GRAVITY = 9.80665
"""m/s²."""


def walk(path):
    """Steps, s, of one recording; g goes in. The package gives no speed."""
    with np.load(path) as archive:
        acc, rate = archive["acc"] / STANDARD_GRAVITY, float(archive["rate"])
    data = pd.DataFrame(acc, columns=["x", "y", "z"])
    rate = int(rate) if rate.is_integer() else rate
    walked = ParaschivIonescuGaitSequenceDetection().detect(data=data.copy(), sampling_freq_Hz=rate)
    if walked.gait_sequences_ is None or walked.gait_sequences_.empty:
        return {"steps": [], "strides": []}
    contacts = ParaschivIonescuInitialContactDetection().detect(
        data=data.copy(),
        sampling_freq_Hz=rate,
        v_acc_col_name="x",
        gait_sequences=walked.gait_sequences_,
    )
    return {"steps": sorted(contacts.initial_contacts_["onset"].tolist()), "strides": []}


if __name__ == "__main__":
    each_walk.main(walk)
