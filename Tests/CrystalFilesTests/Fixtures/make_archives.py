"""Rigaku archives that name the axis of their scan: axes/AXIS.rasx.

    python3 make_archives.py

Members are named as the instrument's software names them; the numbers are made up.
"""
import os
import zipfile

here = os.path.dirname(os.path.abspath(__file__))


def archive(path, axis):
    conditions = (
        "<MeasurementConditions><ScanInformation><AxisName>" + axis + "</AxisName></ScanInformation>"
        "<WavelengthKalpha1>1.540593</WavelengthKalpha1></MeasurementConditions>"
    )
    members = {
        "Data0/Profile0.txt": "10.0\t170.5\t1\n10.04\t170.7\t1\n",
        "Data0/MesurementConditions0.xml": conditions,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, text in members.items():
            # A fixed date, so that the same bytes come out every time.
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)


archive(os.path.join(here, "axes", "omega.rasx"), "Omega")
archive(os.path.join(here, "axes", "phi.rasx"), "Phi")
archive(os.path.join(here, "axes", "coupled.rasx"), "TwoThetaTheta")
