import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Parameterization
import Publishing
import Refinement

/// What a journal or a database asks of a powder CIF beside the structure and its fit: what only the author knows, as `?`, and what follows
/// from the refinement (absorption, scattering factors, the name of the radiation, the steps of the scan).
enum DepositionItems {
    /// Who publishes, and where.
    static let publication = [
        "_journal_name_full", "_journal_year", "_publ_section_title", "_publ_contact_author_name",
        "_publ_contact_author_address", "_publ_contact_author_email",
    ]

    /// What no refinement knows of a sample.
    static let sample = [
        "_chemical_name_systematic", "_chemical_formula_moiety", "_cell_measurement_temperature",
        "_diffrn_ambient_temperature", "_pd_char_colour", "_pd_char_particle_morphology",
        "_pd_spec_mounting", "_pd_spec_mount_mode", "_pd_spec_shape", "_pd_spec_preparation",
    ]

    /// What no refinement knows of a measurement.
    static let measurement = [
        "_diffrn_source", "_diffrn_measurement_device_type", "_diffrn_radiation_monochromator",
        "_pd_instr_location", "_pd_meas_step_count_time",
    ]

    static func open(_ tags: [String]) -> [SymmetricCIF.Item] { tags.map { .init($0, "?") } }

    /// Authors stand in a loop, a row for each.
    static let authors = ["loop_", "_publ_author_name", "_publ_author_address", "? ?"]

    // MARK: Absorption

    /// Of a phase, where X-rays measured it; its powder is packed more loosely.
    static func absorption(_ structure: ReducedStructure, in model: PowderModel) -> [SymmetricCIF.Item] {
        let instrument = model.instrument
        var items: [SymmetricCIF.Item] = []
        if instrument.radiation.probe == .xray {
            // 1/Å in 1/mm.
            let coefficient =
                1e7 * ParticleAbsorption.coefficient(structure, wavelength: instrument.radiation.wavelength)
            items.append(.init("_exptl_absorpt_coefficient_mu", String(format: "%.2f", coefficient)))
        } else {
            items.append(.init("_exptl_absorpt_coefficient_mu", "?"))
        }
        let isCylinder = instrument.absorption != 0
        items.append(.init("_exptl_absorpt_correction_type", isCylinder ? "cylinder" : "none"))
        if isCylinder {
            items.append(
                .init(
                    "_exptl_absorpt_process_details",
                    String(format: "Hewat (1979), Acta Cryst. A35, 248; muR %.4g", instrument.absorption)))
        }
        return items
    }

    // MARK: Radiation

    /// `Cu K\a`, where the lines are those of an anode; `?` for any other.
    static func radiationName(_ radiation: Radiation) -> String {
        guard radiation.probe == .xray else { return "neutron" }
        let anodes = ["Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Mo", "Ag"].compactMap { Element(symbol: $0) }
        for anode in anodes {
            for scale in Wavelength.Scale.allCases {
                guard let lines = Wavelength.lines(anode: anode, scale: scale) else { continue }
                let first = radiation.wavelength
                if abs(first - lines.kAlpha1) < nearLine {
                    let isDoublet = radiation.lines.contains { abs($0.wavelength - lines.kAlpha2) < nearLine }
                    return "\(anode.symbol) K\\a" + (isDoublet ? "" : "~1~")
                }
            }
        }
        return "?"
    }

    /// Å; tables of an emission line differ by less, lines of two anodes by far more.
    private static let nearLine = 1e-4

    /// Scattering factors as they were used, a row for each species; nothing of neutrons.
    static func scattering(_ model: PowderModel) -> [String] {
        guard model.instrument.radiation.probe == .xray else { return [] }
        let wavelength = model.instrument.radiation.wavelength
        let species = Set(
            model.phases.flatMap { $0.structure.orbits.flatMap { $0.occupants.map(\.species) } })
        let rows = species.map(\.description).sorted().compactMap { symbol -> String? in
            guard let one = species.first(where: { $0.description == symbol }) else { return nil }
            let correction = DispersionCorrection(one.element, wavelength: wavelength)
            let values =
                model.dispersion
                ? String(format: "%.4f %.4f", correction.real, correction.imaginary) : "0 0"
            return "\(symbol) \(values) \(CIFWord.quoted(source(model.scatteringTable)))"
        }
        return [
            "loop_", "_atom_type_symbol", "_atom_type_scat_dispersion_real",
            "_atom_type_scat_dispersion_imag",
            "_atom_type_scat_source",
        ] + rows
    }

    private static func source(_ table: ScatteringTable) -> String {
        let dispersion = "Cromer & Liberman (1981), Acta Cryst. A37, 267"
        return switch table {
        case .wk95: "Waasmaier & Kirfel (1995), Acta Cryst. A51, 416; \(dispersion)"
        case .it92: "International Tables for Crystallography Vol. C (1992), Table 6.1.1.4; \(dispersion)"
        case .pymatgen: "pymatgen's XRDCalculator; \(dispersion)"
        }
    }

    // MARK: The scan

    /// First, last and step of the angles, under `_pd_meas` and `_pd_proc`; no step of a scan that has several.
    static func range(_ twoTheta: [Double]) -> [SymmetricCIF.Item] {
        guard let first = twoTheta.first, let last = twoTheta.last, twoTheta.count > 1 else { return [] }
        let step = (last - first) / Double(twoTheta.count - 1)
        let isEven = twoTheta.enumerated().allSatisfy {
            abs($0.element - first - Double($0.offset) * step) < unevenness * step
        }
        return ["_pd_meas_2theta_range", "_pd_proc_2theta_range"].flatMap { tag -> [SymmetricCIF.Item] in
            [("min", first), ("max", last)].map { .init("\(tag)_\($0)", short($1)) }
                + (isEven ? [.init("\(tag)_inc", short(step))] : [])
        }
    }

    /// Share of a step that files round their angles by.
    private static let unevenness = 0.2

    private static func short(_ value: Double) -> String {
        CIFWord.number(MeasuredValue(rounding: value, decimals: 6))
    }

    // MARK: Texture and strain

    /// How a phase's texture is described; nil for none.
    static func texture(_ phase: PowderModel.Phase) -> String? {
        var parts: [String] = []
        if let march = phase.preferredOrientation {
            let plane = march.plane
            parts.append(
                "March-Dollase \(phase.name) \(plane.x) \(plane.y) \(plane.z): \(short(march.ratio))")
        }
        if let harmonics = phase.texture {
            let values = zip(harmonics.names, harmonics.values).map { "\($0) \(short($1))" }
            parts.append(
                "spherical harmonics (Von Dreele, 1997) \(phase.name): \(values.joined(separator: ", "))")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The invariants of microstrain of a phase, 10⁻⁸ Å⁻⁴; nil for none.
    static func microstrain(_ phase: PowderModel.Phase) -> String? {
        guard let strain = phase.microstrain else { return nil }
        let values = zip(strain.invariants.forms.map(\.name), strain.values).map { "\($0) \(short($1))" }
        return
            "microstrain (Stephens, 1999) \(phase.name), 10^-8^ \\%A^-4^: \(values.joined(separator: ", "))"
    }
}
