"""cctbx: |F|^2 by direct summation, with and without the gradient with respect to the sites."""
from worker import D_MIN, serve

import iotbx.cif
from cctbx import xray
from cctbx.array_family import flex
from cctbx.xray import structure_factors


def load(path):
    structure = list(iotbx.cif.reader(file_path=path).build_crystal_structures().values())[0]
    for scatterer in structure.scatterers():
        scatterer.u_iso = 0.0
    structure.scattering_type_registry(table="wk1995")
    return structure, structure.build_miller_set(anomalous_flag=False, d_min=D_MIN)


def factors(path):
    structure, indices = load(path)

    def call():
        data = structure_factors.from_scatterers_direct(xray_structure=structure, miller_set=indices).f_calc().data()
        return flex.norm(data)

    return call, f"{indices.size()} reflections"


def gradient(path):
    structure, indices = load(path)
    xray.set_scatterer_grad_flags(scatterers=structure.scatterers(), site=True)
    cotangent = flex.complex_double(indices.size(), complex(0.7, 0.3))

    def call():
        structure_factors.from_scatterers_direct(xray_structure=structure, miller_set=indices).f_calc()
        result = structure_factors.gradients_direct(
            xray_structure=structure, u_iso_refinable_params=None, miller_set=indices,
            d_target_d_f_calc=cotangent, n_parameters=0)
        return result.d_target_d_site_frac()

    return call


serve({"factors": factors, "factors-gradient": gradient})
