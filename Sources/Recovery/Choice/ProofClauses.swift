import Crystallography
import Diffraction
import Foundation
import Matching
import Parameterization
import Refinement

extension Proof {
    /// The proof of a recovery.
    ///
    /// - Parameters:
    ///   - fits: of the chosen structure, one for each pattern.
    ///   - weights: one list for each pattern.
    ///   - wavelength: whether Cu Kα was assumed because neither the user nor the file names a radiation.
    /// - Throws: what a refinement with free intensities throws.
    package static func proof(
        of result: PowderResult, fits: [PatternFit], weights: [[Double]],
        comparison: ReferenceComparison?, unexplained: [UnexplainedLines], wavelength assumed: Bool,
        limits: Limits
    ) throws -> Proof {
        let structure = result.structure
        let misfits = try misfits(of: result, fits: fits, weights: weights, limits: limits)
        let refined = result.joint?.refined ?? result.refinement.refined
        let first = fits[0]
        var clauses = [
            Self.symmetry(structure, limits: limits),
            result.groupClause,
            Self.contacts(structure, limits: limits),
            Self.bonds(structure.expanded(), limits: limits),
            FitVerdict.convergence(
                result.joint?.converged ?? result.refinement.converged,
                result.joint?.iterations ?? result.refinement.iterations),
            Self.worst(
                zip(fits, misfits).map {
                    FitVerdict.fit(
                        $0.refinement.statistics, $1, hasExpectedR: $0.pattern.weighting.hasExpectedR,
                        limits.fit)
                }),
            FitVerdict.parameters(refined, limits.fit),
            result.orientation.map { Self.texture($0, limits: limits) },
            Self.lines(unexplained, limits: limits),
            Self.determination(
                structure,
                positions: fits.flatMap { fit in
                    // Of several patterns the richest counts.
                    fit.file == Self.richest(fits)?.file ? Self.positions(fit) : []
                }, width: Self.width(first), limits: limits),
            Self.information(structure, found: unexplained.map(\.found.count).reduce(0, +)),
            Self.translations(
                structure.spaceGroup,
                zip(fits, unexplained).map { fit, lines in
                    UnseenTranslation.Evidence(
                        peaks: lines.found, reflections: fit.reflections.filter { $0.phase == 0 },
                        reach: limits.resolved * lines.width,
                        share: limits.calculatedShare)
                }),
            Self.search(result.confirmation, misfits.first ?? nil, limits: limits),
            Self.uniqueness(
                try Self.rivals(of: result, fits: fits, weights: weights, misfits: misfits, limits: limits)),
        ].compactMap(\.self)
        clauses.insert(
            Self.weights(fits.map { ($0.pattern.weighting, $0.refinement.statistics) }, limits: limits), at: 4
        )
        if assumed {
            clauses.append(FitVerdict.assumedWavelength)
        }
        clauses.append(Self.reference(comparison))
        return Proof(clauses)
    }

    /// What each pattern's fit leaves that free intensities would not; nil of an exact one.
    private static func misfits(
        of result: PowderResult, fits: [PatternFit], weights: [[Double]], limits: Limits
    ) throws -> [StructuralMisfit?] {
        try fits.enumerated().map { index, fit in
            if fit.refinement.statistics.rwp <= limits.fit.exactRwp { return nil }
            if index == 0, let known = result.misfit { return known }
            return try StructuralMisfit.measured(
                fit.refinement, pattern: fit.pattern, weights: weights[index],
                bounds: RefinementBounds().ranges)
        }
    }

    /// Whether the clause of that name holds.
    package func holds(_ name: String) -> Bool { clauses.first { $0.name == name }?.outcome == .holds }

    /// The first that fails, else that is unknown, else the first.
    private static func worst(_ clauses: [VerdictClause]) -> VerdictClause {
        clauses.first { $0.outcome == .fails } ?? clauses.first { $0.outcome == .unknown } ?? clauses[0]
    }

    private static func positions(_ fit: PatternFit) -> [Double] {
        guard let low = fit.pattern.twoTheta.first, let high = fit.pattern.twoTheta.last else { return [] }
        return fit.reflections.filter { $0.phase == 0 }.compactMap(\.twoTheta).filter { angle in
            (low...high).contains(angle) && !fit.excluded.contains { $0.contains(angle) }
        }
    }

    private static func richest(_ fits: [PatternFit]) -> PatternFit? {
        fits.max { positions($0).count < positions($1).count }
    }

    /// Full width at half height of a line in the middle of the pattern, degrees.
    private static func width(_ fit: PatternFit) -> Double {
        let model = fit.refinement.model
        func value(_ name: String) -> Double { model[name] ?? 0 }
        let theta = ((fit.pattern.twoTheta.first ?? 0) + (fit.pattern.twoTheta.last ?? 0)) * .pi / 720
        let gauss = value("U") * tan(theta) * tan(theta) + value("V") * tan(theta) + value("W")
        return max(0, gauss).squareRoot() + value("X") / cos(theta) + value("Y") * tan(theta)
    }

    /// The nearest of what else was refined and is another structure, with sane contacts and bonds no worse than the chosen one's.
    private static func rivals(
        of result: PowderResult, fits: [PatternFit], weights: [[Double]],
        misfits: [StructuralMisfit?], limits: Limits
    ) throws -> [Rival] {
        guard let misfit = misfits[0], result.statistics.rwp > limits.fit.exactRwp else { return [] }
        let first = fits[0]
        let correlation = SerialCorrelation(
            observed: first.pattern.intensity, calculated: first.refinement.calculated, weights: weights[0])
        let statistics = result.statistics
        let comparison = ModelComparison(
            misfit, correlation: correlation, points: statistics.points,
            weightedSquares: statistics.weightedSquares)
        let norm = statistics.weightedSquares
        let chosen = result.structure.expanded()
        func instability(_ structure: CrystalStructure) -> Double? {
            BondValenceSums(structure).map {
                CommonBondScale($0, of: structure).instability
            }
        }
        let own = instability(chosen)
        func size(_ structure: ReducedStructure) -> Int {
            statistics.parameters - result.structure.degreesOfFreedom + structure.degreesOfFreedom
        }
        func evidence(against other: PowderAlternative, rwp: Double) -> Double {
            comparison.evidence(
                for: (rwp * rwp * norm, statistics.parameters),
                over: (other.rwp * other.rwp * norm, size(other.structure)))
        }
        // Others were refined without texture: they are held against the structure without it.
        let untextured =
            result.orientation.map { $0.isTaken ? $0.rwpWithout : statistics.rwp } ?? statistics.rwp
        func rivals(_ alternatives: [PowderAlternative], rwp: Double) -> [Rival] {
            alternatives.filter { $0.shortestContact >= limits.contact }.map {
                Rival(
                    structure: $0.structure, rwp: $0.rwp, evidence: evidence(against: $0, rwp: rwp))
            }
        }
        // The nearest decides: whether a farther one is the same structure, which takes long in high symmetry, need not be asked.
        let others =
            rivals(result.alternatives, rwp: untextured) + rivals(result.exchanged, rwp: statistics.rwp)
        let nearest = try others.sorted { $0.evidence < $1.evidence }.first { other in
            try WorkLimit.check()
            let expanded = other.structure.expanded()
            // The same atoms in another description or a subgroup are no rival.
            let isSame = try StructureMatch.isMatch(
                MatchCandidate(chosen), MatchCandidate(expanded), tolerances: .strict,
                check: { try WorkLimit.check() })
            if isSame { return false }
            guard let own, own <= limits.instability, let bonds = instability(expanded) else { return true }
            return bonds <= limits.instability
        }
        return [nearest].compactMap { $0 }
    }
}
