import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Parameterization
import Publishing
import Refinement

/// One powder CIF of a refinement (Toby, International Tables G, chapter 3.3): every phase, every pattern with what was
/// measured and calculated, and what a journal asks of both. What only the author knows stands as `?`.
///
/// One phase and one pattern are one data block; else each has its own, tied by `_pd_block_id`.
struct RefinedPowderCIF {
    let outcome: RefinementJob.Outcome
    /// Of the phases' data blocks.
    let names: [String]
    let version: String
    /// `2026-11-29`.
    let date: String

    func text() throws -> String {
        let phases = names.indices.map {
            RefinedPhaseCIF(outcome: outcome, phase: $0, name: names[$0], version: version)
        }
        if phases.count == 1, outcome.items.count == 1 {
            let phase = try phases[0].text()
            // The dictionary has one list of atom types; that of charges and nuclides stands in the phase already.
            let hasTypes = phase.contains("_atom_type_symbol")
            let own =
                lines([.init("_pd_block_id", id(names[0]))] + head + asked(ofPhase: 0) + overall)
                + DepositionItems.authors + patternText(0, withTypes: !hasTypes)
            return phase + own.joined(separator: "\n") + "\n"
        }
        var blocks: [String] = []
        let main = [
            "data_overall", line("_audit_creation_method", "wyckoff \(version)"),
            line("_pd_block_id", id("overall")),
        ]
        blocks.append(
            (main + lines(head + overall) + DepositionItems.authors + phaseLoop(0)).joined(separator: "\n")
                + "\n")
        for (k, phase) in phases.enumerated() {
            let own = lines([.init("_pd_block_id", id(names[k]))] + asked(ofPhase: k))
            blocks.append(try phase.text() + own.joined(separator: "\n") + "\n")
        }
        for k in outcome.items.indices {
            let name = "pattern_\(k + 1)"
            var own = ["data_\(name)", line("_pd_block_id", id(name))]
            own += patternText(k, withTypes: true) + phaseLoop(k)
            blocks.append(own.joined(separator: "\n") + "\n")
        }
        return blocks.joined(separator: "\n")
    }

    // MARK: What the whole says

    private var head: [SymmetricCIF.Item] {
        [
            .init("_audit_creation_date", date),
            .init("_computing_structure_refinement", "wyckoff \(version)"),
            .init("_computing_publication_material", "wyckoff \(version)"),
            .init("_computing_cell_refinement", "wyckoff \(version)"),
            .init("_computing_data_collection", "?"), .init("_computing_data_reduction", "?"),
            .init("_computing_structure_solution", "?"), .init("_computing_molecular_graphics", "?"),
            .init("_pd_calc_method", "Rietveld refinement"),
        ] + DepositionItems.open(DepositionItems.publication)
    }

    /// What is asked of a phase.
    private func asked(ofPhase phase: Int) -> [SymmetricCIF.Item] {
        DepositionItems.open(DepositionItems.sample)
            + [.init("_exptl_crystal_density_method", "not measured")]
            + DepositionItems.absorption(outcome.structure(ofPhase: phase), in: outcome.parts[0].model)
    }

    private var overall: [SymmetricCIF.Item] {
        let statistics = outcome.joint?.statistics ?? outcome.parts[0].statistics
        let refined = outcome.joint?.refined ?? outcome.parts[0].refined
        let held = outcome.joint?.restraints ?? outcome.parts[0].restraints
        let iterations = outcome.joint?.converged ?? outcome.parts[0].converged
        var items: [SymmetricCIF.Item] = [
            .init("_refine_ls_structure_factor_coef", "Inet"), .init("_refine_ls_matrix_type", "full"),
            .init("_refine_ls_weighting_scheme", "sigma"),
            .init("_refine_ls_weighting_details", "w = 1/\\s^2^(y)"),
            .init("_refine_ls_number_parameters", "\(refined.count)"),
            .init("_refine_ls_number_restraints", "\(held.reduce(0) { $0 + $1.values.count })"),
            .init(
                "_refine_ls_shift/su_max",
                Self.decimal(
                    (outcome.joint?.covariance ?? outcome.parts[0].covariance).largestShift ?? .nan, 3)),
            .init("_refine_ls_goodness_of_fit_all", Self.decimal(hasExpectedR ? statistics.gof : .nan, 3)),
            .init(
                "_refine_ls_hydrogen_treatment",
                outcome.parts[0].model.phases.allSatisfy { !Self.hasHydrogen($0.structure) }
                    ? "undef" : "refall"),
        ]
        if let agreement = outcome.agreements.first {
            items += [
                .init("_refine_ls_R_I_factor", Self.decimal(agreement.seen.rBragg, 4)),
                .init("_refine_ls_R_factor_all", Self.decimal(agreement.seen.rF, 4)),
                .init("_refine_ls_number_reflns", "\(agreement.seen.reflections)"),
            ]
        }
        items.append(
            .init(
                "_refine_special_details",
                iterations ? "Levenberg-Marquardt, converged" : "Levenberg-Marquardt, NOT converged"))
        return items
    }

    private var hasExpectedR: Bool { outcome.items.allSatisfy(\.pattern.weighting.hasExpectedR) }

    private static func hasHydrogen(_ structure: ReducedStructure) -> Bool {
        structure.orbits.contains { $0.occupants.contains { $0.species.element.atomicNumber == 1 } }
    }

    /// The phases of a pattern with their weight fractions.
    private func phaseLoop(_ pattern: Int) -> [String] {
        var lines = ["loop_", "_pd_phase_id", "_pd_phase_block_id"]
        let shares = outcome.fractions.indices.contains(pattern) ? outcome.fractions[pattern].phases : []
        if !shares.isEmpty { lines.append("_pd_phase_mass_%") }
        for (k, name) in names.enumerated() {
            var words = ["\(k + 1)", CIFWord.quoted(id(name))]
            if !shares.isEmpty {
                let share = shares[k]
                words.append(
                    share.uncertainty == nil
                        ? Self.decimal(100 * share.fraction, 2)
                        : MeasuredValue(100 * share.fraction, uncertainty: share.uncertainty.map { 100 * $0 })
                            .text)
            }
            lines.append(words.joined(separator: " "))
        }
        return lines
    }

    /// Unique among blocks: what made it, when, and its name.
    private func id(_ name: String) -> String { "\(date)|\(name)|wyckoff-\(version)" }

    // MARK: A pattern

    /// - Parameter withTypes: whether the scattering factors stand in it.
    private func patternText(_ index: Int, withTypes: Bool) -> [String] {
        let (item, part) = (outcome.items[index], outcome.parts[index])
        let (pattern, statistics) = (item.pattern, part.statistics)
        let isCounting = pattern.weighting.hasExpectedR
        let residual = zip(pattern.intensity, part.calculated).reduce(0) { $0 + abs($1.0 - $1.1) }
        let whole = pattern.intensity.reduce(0) { $0 + abs($1) }
        var items: [SymmetricCIF.Item] = [
            .init("_pd_meas_scan_method", "step"),
            .init("_pd_meas_number_of_points", "\(pattern.twoTheta.count)"),
            .init("_pd_proc_number_of_points", "\(statistics.points)"),
            .init("_pd_proc_info_excluded_regions", Self.excluded(item)),
            .init("_pd_proc_ls_prof_R_factor", Self.decimal(whole > 0 ? residual / whole : .nan, 4)),
            .init("_pd_proc_ls_prof_wR_factor", Self.decimal(statistics.rwp, 4)),
            .init("_pd_proc_ls_prof_wR_expected", Self.decimal(isCounting ? statistics.rexp : .nan, 4)),
            .init("_pd_proc_ls_background_function", background(part)),
            .init("_pd_proc_ls_profile_function", Self.profile(part.model)),
            .init("_pd_proc_ls_pref_orient_corr", Self.texture(part.model)),
        ]
        items += DepositionItems.range(pattern.twoTheta) + radiation(part.model.instrument)
        items += DepositionItems.open(DepositionItems.measurement)
        var lines = self.lines(items)
        lines += Self.wavelengths(part.model.instrument.radiation)
        if withTypes { lines += DepositionItems.scattering(part.model) }
        lines += points(item, part)
        if outcome.agreements.indices.contains(index) { lines += reflections(outcome.agreements[index]) }
        return lines
    }

    private func radiation(_ instrument: Instrument) -> [SymmetricCIF.Item] {
        let isNeutron = instrument.radiation.probe == .neutron
        return [
            .init("_diffrn_radiation_probe", isNeutron ? "neutron" : "x-ray"),
            .init("_diffrn_radiation_type", DepositionItems.radiationName(instrument.radiation)),
            .init(
                "_pd_instr_geometry",
                instrument.geometry == .braggBrentano ? "Bragg-Brentano" : "Debye-Scherrer"),
            // What is added to a measured angle.
            .init("_pd_calib_2theta_offset", Self.short(-instrument.zero)),
        ]
    }

    private static func wavelengths(_ radiation: Radiation) -> [String] {
        let lines = radiation.lines
        guard lines.count > 1 else { return ["_diffrn_radiation_wavelength \(short(radiation.wavelength))"] }
        return [
            "loop_", "_diffrn_radiation_wavelength_id", "_diffrn_radiation_wavelength",
            "_diffrn_radiation_wavelength_wt",
        ]
            + lines.enumerated().map {
                "\($0 + 1) \(short($1.wavelength)) \(decimal($1.weight / lines[0].weight, 4))"
            }
    }

    private func points(_ item: RefinementJob.Item, _ part: RietveldRefinement.Result) -> [String] {
        let pattern = item.pattern
        let weights = item.weights
        let intensity =
            pattern.weighting.basis == .counts ? "_pd_meas_counts_total" : "_pd_meas_intensity_total"
        return [
            "loop_", "_pd_meas_2theta_scan", intensity, "_pd_proc_ls_weight", "_pd_calc_intensity_total",
            "_pd_proc_intensity_bkg_calc",
        ]
            + pattern.twoTheta.indices.map { i in
                [
                    Self.short(pattern.twoTheta[i]), Self.short(pattern.intensity[i]),
                    String(format: "%.6g", weights[i]), String(format: "%.6g", part.calculated[i]),
                    String(format: "%.6g", part.background[i]),
                ].joined(separator: " ")
            }
    }

    private func reflections(_ agreement: BraggAgreement) -> [String] {
        let seen = agreement.reflections.filter(\.isSeen)
        guard !seen.isEmpty else { return [] }
        return [
            "loop_", "_refln_index_h", "_refln_index_k", "_refln_index_l", "_pd_refln_phase_id",
            "_refln_d_spacing", "_refln_F_squared_meas", "_refln_F_squared_calc",
        ]
            + seen.map { row in
                let reflection = row.reflection
                let index = reflection.index
                return
                    "\(index.x) \(index.y) \(index.z) \(reflection.phase + 1) "
                    + String(
                        format: "%.5f %.6g %.6g", reflection.d, row.observed * row.observed,
                        reflection.structureFactor * reflection.structureFactor)
            }
    }

    // MARK: Words

    private func background(_ part: RietveldRefinement.Result) -> String {
        let count = part.model.background.count
        let function =
            part.model.backgroundFunction == .chebyshev
            ? "Chebyshev polynomial of the first kind" : "n!/Q^2n^"
        return "\(function), \(count) terms"
    }

    private static func profile(_ model: PowderModel) -> String {
        let instrument = model.instrument
        let shape =
            switch instrument.shape {
            case .gaussian: "Gaussian"
            case .lorentzian: "Lorentzian"
            case .pseudoVoigt: "pseudo-Voigt"
            case .thompsonCoxHastings: "pseudo-Voigt of Thompson, Cox and Hastings (1987)"
            }
        let names = PeakWidths.names.prefix(6)
        let values = zip(names, instrument.widths.values).map { "\($0) \(String(format: "%.5g", $1))" }
        let axial =
            instrument.axial.map {
                "; asymmetry of Finger, Cox and Jephcoat (1994), S/L \(short($0.sample)), H/L \(short($0.slit))"
            } ?? ""
        let strains = model.phases.compactMap(DepositionItems.microstrain).map { "; \($0)" }.joined()
        return "\(shape), degrees: \(values.joined(separator: ", "))\(axial)\(strains)"
    }

    private static func texture(_ model: PowderModel) -> String {
        let parts = model.phases.compactMap(DepositionItems.texture)
        return parts.isEmpty ? "none" : parts.joined(separator: "; ")
    }

    private static func excluded(_ item: RefinementJob.Item) -> String {
        item.excluded.isEmpty
            ? "none"
            : item.excluded.map { "\(short($0.lowerBound)) to \(short($0.upperBound))" }
                .joined(separator: ", ")
    }

    private static func decimal(_ value: Double, _ places: Int) -> String {
        value.isFinite ? String(format: "%.\(places)f", value) : "?"
    }

    /// Without what arithmetic leaves behind.
    private static func short(_ value: Double) -> String {
        CIFWord.number(MeasuredValue(rounding: value, decimals: 8))
    }

    /// Unknown and inapplicable values are bare; a quoted one would be a text.
    private func line(_ tag: String, _ value: String) -> String {
        "\(tag) \(value == "?" ? value : CIFWord.quoted(value))"
    }

    private func lines(_ items: [SymmetricCIF.Item]) -> [String] { items.map { line($0.tag, $0.value) } }
}
