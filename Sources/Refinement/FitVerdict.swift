import Crystallography
import Diffraction
import Foundation
import Parameterization

/// The clauses of a verdict on a refinement: is it done, does the structure explain the pattern, are its parameters known.
/// What each means stands in Docs/Verdicts.md.
public struct FitVerdict: Sendable, Hashable {
    /// From where on a clause holds.
    public struct Limits: Sendable, Hashable, Codable {
        /// The structure's share of misfit beside free intensities' (`StructuralMisfit.share`) up to which it is believed.
        /// Of a right structure 0.03 to 0.15 are left by texture, extinction and displacements; one with an atom in a wrong
        /// place leaves more than 0.2.
        public var intensityMisfit = 0.2
        /// A coordinate that is not known to this, in Å, is not known.
        public var position = 0.3
        /// A length or angle of the cell that is not known to this share of itself is not known.
        public var cell = 0.01
        /// An atom that moves more than this is not seen where it stands; Å².
        public var largestB = 10.0
        /// B from which on an atom is held against the others, Å²: what atoms of inorganic crystals rarely reach…
        public var doubtedB = 6.0
        /// …and times the mean of the others' beyond which a lighter element, or less of it, stands there. Chromium put in the place
        /// of the sulphur of PbSO4 comes to 8.5 Å², five times the mean of lead and oxygen.
        public var foreignB = 4.0
        /// Rexp from which on uncertainties claim that next to nothing is seen…
        public var blindRexp = 0.4
        /// …which is no σ where the points scatter about the fit by less than this share of it.
        public var leastGoF = 0.5
        /// Rwp below which a pattern is explained to the last digit that anyone computes; a pattern without noise has no other measure.
        public var exactRwp = 1e-3

        /// The standard limits (Docs/Verdicts.md).
        public init() {}
    }

    /// Each with its sentence.
    public let clauses: [VerdictClause]

    /// Of a refinement of known structures against one pattern.
    ///
    /// - `weights`: one for each point; 0 leaves a point out.
    /// - `freeIntensities`: whether reflections had intensities of their own, so that nothing is said of a structure.
    /// - Throws: what the refinement with free intensities throws.
    public static func verdict(
        on result: RietveldRefinement.Result, pattern: PowderPattern, weights: [Double],
        freeIntensities: Bool = false, limits: Limits = Limits()
    ) throws -> FitVerdict {
        var clauses = [Self.convergence(result.converged, result.iterations)]
        if !freeIntensities {
            let isExact = result.statistics.rwp <= limits.exactRwp
            let misfit =
                isExact ? nil : try StructuralMisfit.measured(result, pattern: pattern, weights: weights)
            clauses.append(
                Self.fit(
                    result.statistics, misfit, hasExpectedR: pattern.weighting.hasExpectedR, limits))
        }
        clauses.append(Self.parameters(result.refined, limits))
        clauses.append(
            Self.weights(
                pattern.weighting.sentence, hasExpectedR: pattern.weighting.hasExpectedR, result.statistics,
                limits))
        return FitVerdict(clauses: clauses)
    }

    /// Of a refinement against several patterns.
    /// - Throws: what a refinement with free intensities throws.
    public static func verdict(
        on result: JointRefinement.Result, patterns: [PowderPattern], weights: [[Double]],
        limits: Limits = Limits()
    ) throws -> FitVerdict {
        var clauses = [Self.convergence(result.converged, result.iterations)]
        for (index, part) in result.parts.enumerated() {
            let isExact = part.statistics.rwp <= limits.exactRwp
            let misfit =
                isExact
                ? nil : try StructuralMisfit.measured(part, pattern: patterns[index], weights: weights[index])
            var clause = Self.fit(
                part.statistics, misfit, hasExpectedR: patterns[index].weighting.hasExpectedR, limits)
            (clause.name, clause.sentence) = (
                "fit of pattern \(index + 1)", "pattern \(index + 1): \(clause.sentence)"
            )
            clauses.append(clause)
        }
        clauses.append(Self.parameters(result.refined, limits))
        return FitVerdict(clauses: clauses)
    }

    /// The same with a clause more.
    package func adding(_ clause: VerdictClause) -> FitVerdict { FitVerdict(clauses: clauses + [clause]) }

    // MARK: Clauses

    /// That atoms of molecules were refined one by one.
    package static let looseMolecules = VerdictClause(
        "molecules", .unknown,
        "molecules are refined atom by atom, and nothing holds their shape: --rigid NAME=LABELS or --restrain C-C=1.40:0.02 does"
    )

    /// That nobody said which radiation it was.
    package static let assumedWavelength = VerdictClause(
        "wavelength", .unknown,
        "Cu Kα is assumed: neither --wavelength nor the pattern's file names a radiation, and the cell's lengths stand in its proportion"
    )

    /// The clause that the refinement converged.
    package static func convergence(_ converged: Bool, _ iterations: Int) -> VerdictClause {
        VerdictClause(
            "convergence", converged ? .holds : .fails,
            converged
                ? "the refinement converged after \(iterations) steps"
                : "the refinement did not converge in \(iterations) steps")
    }

    /// The structure explains what free intensities explain.
    ///
    /// - Parameter hasExpectedR: whether the weights are those of counting, so that Rexp and GoF mean something.
    package static func fit(
        _ statistics: RefinementStatistics, _ misfit: StructuralMisfit?, hasExpectedR: Bool = true,
        _ limits: Limits
    ) -> VerdictClause {
        let numbers =
            String(format: "Rwp %.2f %%", 100 * statistics.rwp)
            + (hasExpectedR
                ? String(format: ", Rexp %.2f %%, GoF %.2f", 100 * statistics.rexp, statistics.gof) : "")
        guard statistics.rwp.isFinite else {
            return VerdictClause("fit", .fails, "the fit has no finite Rwp")
        }
        if statistics.rwp <= limits.exactRwp {
            return VerdictClause("fit", .holds, "the pattern is explained exactly (\(numbers))")
        }
        guard let misfit else {
            return VerdictClause(
                "fit", .unknown, "\(numbers); free intensities could not be fitted beside it")
        }
        let share = misfit.share
        let text = String(
            format:
                "%.1f to %.1f %% of the intensity is misfit that free intensities do not have (%@; free intensities %.2f %%)",
            100 * share.lowerBound, 100 * share.upperBound, numbers, 100 * misfit.freeRwp)
        if share.upperBound <= limits.intensityMisfit {
            return VerdictClause(
                "fit", .holds, "the structure explains what free intensities explain: " + text)
        }
        if share.lowerBound > limits.intensityMisfit {
            return VerdictClause("fit", .fails, "the structure does not explain the intensities: " + text)
        }
        return VerdictClause(
            "fit", .unknown, "the pattern does not tell whether the structure explains it: " + text)
    }

    /// What the weights rest on. Uncertainties as large as the intensities, about which nothing scatters, are none: they take
    /// the weight from what ought to decide.
    package static func weights(
        _ sentence: String, hasExpectedR: Bool, _ statistics: RefinementStatistics, _ limits: Limits
    ) -> VerdictClause {
        guard hasExpectedR else { return VerdictClause("weights", .unknown, sentence) }
        guard statistics.rexp > limits.blindRexp, statistics.gof < limits.leastGoF else {
            return VerdictClause("weights", .holds, sentence)
        }
        let text = String(
            format: "Rexp %.0f %%, GoF %.2f: the uncertainties are %.0f times what scatters, no σ",
            100 * statistics.rexp, statistics.gof, 1 / max(statistics.gof, 1e-6))
        return VerdictClause("weights", .fails, text)
    }

    /// What the data do not determine, and what stands at the end of its range.
    package static func parameters(_ refined: [RietveldRefinement.Refined], _ limits: Limits) -> VerdictClause
    {
        var unknown: [String] = []
        var loose: [String] = []
        var ended: [String] = []
        for item in refined {
            let parameter = item.parameter
            switch parameter.kind {
            case .coordinate:
                if isWorse(item, than: limits.position * parameter.scale) { unknown.append(text(item)) }
            case .length, .angle:
                if isWorse(item, than: limits.cell * abs(parameter.value)) { unknown.append(text(item)) }
            case .isotropicDisplacement:
                if parameter.value >= limits.largestB { loose.append(text(item)) }
                if item.isAtBound, parameter.value < limits.largestB { ended.append(text(item)) }
            case .anisotropicDisplacement, .occupancy, .scale, .background, .wavelength, .lineShift,
                .lineWidth, .lineVariance, .correction:
                if item.isAtBound { ended.append(text(item)) }
            }
        }
        loose += Self.lighter(refined, limits)
        let bounds = ended.isEmpty ? "" : "; at the end of their range: " + ended.joined(separator: ", ")
        if !unknown.isEmpty || !loose.isEmpty {
            let parts = [
                unknown.isEmpty ? nil : "not determined: " + unknown.joined(separator: ", "),
                loose.isEmpty ? nil : "not seen where they stand: " + loose.joined(separator: ", "),
            ]
            return VerdictClause(
                "parameters", .fails, parts.compactMap(\.self).joined(separator: "; ") + bounds)
        }
        return VerdictClause("parameters", .holds, "cell and coordinates are determined" + bounds)
    }

    /// Atoms that move far more than the others: what stands there scatters less than what the structure has.
    package static func lighter(_ refined: [RietveldRefinement.Refined], _ limits: Limits) -> [String] {
        // `fluorite.Ca.B`: each phase for itself. Of two kinds of atoms texture alone makes one move far (halite of RRUFF).
        let displacements = refined.filter { $0.parameter.kind == .isotropicDisplacement }
        let phases = Dictionary(grouping: displacements) {
            $0.parameter.name.split(separator: ".").dropLast(2)
        }
        return displacements.filter { item in
            let value = item.parameter.value
            let phase = phases[item.parameter.name.split(separator: ".").dropLast(2)] ?? []
            guard phase.count > 2, value < limits.largestB, let uncertainty = item.uncertainty else {
                return false
            }
            let others = phase.reduce(-value) { $0 + $1.parameter.value } / Double(phase.count - 1)
            return value - 2 * uncertainty > max(limits.doubtedB, limits.foreignB * others)
        }
        .map(text)
    }

    private static func isWorse(_ item: RietveldRefinement.Refined, than limit: Double) -> Bool {
        guard let uncertainty = item.uncertainty else { return true }
        return !(uncertainty <= limit)
    }

    private static func text(_ item: RietveldRefinement.Refined) -> String {
        let value = String(format: "%.4g", item.parameter.value)
        let uncertainty = item.uncertainty.map { String(format: " ± %.2g", $0) } ?? ""
        return
            "\(item.parameter.name) \(value)\(uncertainty)\(item.parameter.unit.isEmpty ? "" : " \(item.parameter.unit)")"
    }
}
