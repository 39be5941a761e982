import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement
import Symmetry

/// The verdict on a recovered structure: clause by clause what was asked, whether it holds and what was found. The exit
/// status of `recover`, its table, its page and summary.json read this one value; Docs/Verdicts.md says what each clause means.
public struct Proof: Sendable, Hashable, Codable {
    /// From where on a clause holds.
    package typealias Limits = ProofLimits

    /// Each with its sentence, in the order of the report.
    public let clauses: [VerdictClause]

    /// A proof of clauses: it holds where no clause fails or is unknown.
    package init(_ clauses: [VerdictClause]) { self.clauses = clauses }

    /// Whether every clause holds; the ones that may be left open (no reference, an assumed wavelength, bonds that are not
    /// ionic) do not count against it.
    public var isProven: Bool {
        clauses.allSatisfy { clause in
            clause.outcome == .holds || clause.outcome == .unknown && Self.mayBeOpen.contains(clause.name)
        }
    }

    /// What stands against the structure, or could not be decided.
    public var objections: [VerdictClause] {
        clauses.filter { clause in
            clause.outcome == .fails || clause.outcome == .unknown && !Self.mayBeOpen.contains(clause.name)
        }
    }

    private static let mayBeOpen: Set<String> = ["reference", "wavelength", "bonds", "weights"]
}

extension Proof {
    /// The group is found again, no less and no more.
    package static func symmetry(_ structure: ReducedStructure, limits: Limits) -> VerdictClause {
        let (symbol, number) = (structure.spaceGroup.symbol, structure.spaceGroup.number)
        let tolerance = String(format: "%.0e", limits.symmetryTolerance)
        do {
            let found = try SymmetryFinder.find(
                in: structure.expanded(), tolerance: limits.symmetryTolerance)
            return found.spaceGroup.number == number
                ? VerdictClause("symmetry", .holds, "\(symbol) found again at \(tolerance) Å")
                : VerdictClause(
                    "symmetry", .fails,
                    "\(symbol) (\(number)) NOT found again at \(tolerance) Å: \(found.spaceGroup.symbol) (\(found.spaceGroup.number)) is"
                )
        } catch {
            return VerdictClause("symmetry", .fails, "no symmetry can be found: \(error)")
        }
    }

    /// No two atoms stand closer than any bond, or on one place.
    package static func contacts(_ structure: ReducedStructure, limits: Limits) -> VerdictClause {
        let contacts = Contacts(structure)
        let isSane = contacts.shortestShare >= limits.contact && contacts.crowd == nil
        let text = String(
            format: "shortest distance %.3f Å, %.2f of the covalent sum", contacts.shortestDistance,
            contacts.shortestShare)
        guard !isSane, let pair = contacts.tightest else {
            return VerdictClause("contacts", isSane ? .holds : .fails, text)
        }
        return VerdictClause("contacts", .fails, pair.sentence(in: structure.expanded()))
    }

    /// What the weights of each pattern rest on, as of a refinement; the worst counts.
    package static func weights(
        _ patterns: [(weighting: CountingStatistics, statistics: RefinementStatistics)], limits: Limits
    ) -> VerdictClause {
        let clauses = patterns.map {
            FitVerdict.weights(
                $0.weighting.sentence, hasExpectedR: $0.weighting.hasExpectedR, $0.statistics, limits.fit)
        }
        let outcomes = clauses.map(\.outcome)
        return VerdictClause(
            "weights", outcomes.contains(.fails) ? .fails : outcomes.contains(.unknown) ? .unknown : .holds,
            clauses.map(\.sentence).joined(separator: " "))
    }

    /// Whether an ionic crystal's bonds are worth what its ions ask for.
    package static func bonds(_ structure: CrystalStructure, limits: Limits) -> VerdictClause {
        guard let sums = BondValenceSums(structure) else {
            return VerdictClause(
                "bonds", .unknown,
                "bond valences say nothing: no ions that balance, anions in pairs, hydrogen or shared sites"
            )
        }
        let instability = CommonBondScale(sums, of: structure).instability
        let states = sums.states.sorted { $0.key < $1.key }.map {
            "\($0.key.symbol)\(abs($0.value))\($0.value > 0 ? "+" : "−")"
        }.joined(separator: " ")
        return VerdictClause(
            "bonds", instability <= limits.instability ? .holds : .fails,
            String(format: "bond valences miss the charges of %@ by %.2f v.u.", states, instability))
    }

    /// Whether there are lines enough to say where the atoms are.
    ///
    /// - Parameters:
    ///   - positions: of the reflections, degrees 2θ.
    ///   - width: full width of a line at half its height, degrees: lines nearer than half of it are one.
    package static func determination(
        _ structure: ReducedStructure, positions: [Double], width: Double, limits: Limits
    ) -> VerdictClause {
        var resolved = 0
        var last = -Double.infinity
        for position in positions.sorted() where position - last > width / 2 {
            resolved += 1
            last = position
        }
        let free = structure.freeCoordinates.count
        let needed = limits.linesPerCoordinate * Double(free)
        return VerdictClause(
            "determination", Double(resolved) >= needed ? .holds : .fails,
            "\(resolved) resolved lines for \(free) free coordinates")
    }

    /// Whether as many lines stand out of the patterns as there are free coordinates: intensities within the noise tell nothing,
    /// however many reflections there are.
    package static func information(_ structure: ReducedStructure, found: Int) -> VerdictClause {
        let free = structure.freeCoordinates.count
        return VerdictClause(
            "information", found >= free ? .holds : .unknown,
            "\(found) line\(found == 1 ? " stands" : "s stand") out of the pattern, for \(free) free coordinates"
        )
    }

    /// Whether lines need the cell as large as it is.
    package static func translations(_ group: SpaceGroup, _ evidence: [UnseenTranslation.Evidence])
        -> VerdictClause
    {
        guard let unseen = UnseenTranslation(of: group, evidence) else {
            return VerdictClause("cell", .holds, "lines show that no smaller cell would do")
        }
        let v = unseen.vector
        return VerdictClause(
            "cell", .unknown,
            String(
                format:
                    "every line stands at a reflection of a smaller cell, with the translation (%.3g, %.3g, %.3g)",
                v.x, v.y, v.z))
    }

    /// Whether the search met the structure more than once, or leaves nothing that another could explain.
    ///
    /// - Parameters:
    ///   - confirmation: nil where the coordinates were not searched.
    ///   - misfit: nil where the pattern is explained exactly.
    package static func search(
        _ confirmation: SearchConfirmation?, _ misfit: StructuralMisfit?, limits: Limits
    ) -> VerdictClause? {
        guard let confirmation, confirmation.coordinates > 0 else { return nil }
        let (met, starts) = (confirmation.beginnings, confirmation.starts)
        let text = "met from \(met) separate beginning\(met == 1 ? "" : "s") in \(starts) descents"
        guard met < limits.beginnings, let misfit else { return VerdictClause("search", .holds, text) }
        return misfit.share.upperBound <= limits.plainMisfit
            ? VerdictClause("search", .holds, text + ", and it leaves nothing to explain")
            : VerdictClause(
                "search", .unknown,
                text
                    + String(
                        format:
                            ", and it leaves %.1f %% of the intensity: what fits better may not have been met",
                        100 * misfit.share.upperBound))
    }

    package static func reference(_ comparison: ReferenceComparison?) -> VerdictClause {
        guard let comparison else {
            return VerdictClause("reference", .unknown, "no reference to compare with")
        }
        let rms =
            (comparison.rmsDisplacement.map { String(format: ", RMS displacement %.3f Å", $0) } ?? "")
            + (comparison.maximumDisplacement.map { String(format: ", largest %.3f Å", $0) } ?? "")
        return VerdictClause(
            "reference", comparison.isMatch ? .holds : .fails,
            "\(comparison.isMatch ? "matches" : "does not match") the reference\(rms)")
    }

    package static func lines(_ unexplained: [UnexplainedLines], limits: Limits) -> VerdictClause {
        let share = unexplained.map(\.share).max() ?? 0
        let sentences = unexplained.compactMap(\.sentence)
        if sentences.isEmpty {
            return VerdictClause("lines", .holds, "every line of the pattern stands at a reflection")
        }
        return VerdictClause(
            "lines", share <= limits.unexplainedShare ? .holds : .fails,
            sentences.joined(separator: "; ")
                + String(format: " (%.0f %% of the lines' heights)", 100 * share))
    }

    /// What a texture, where it was asked for, has of the fit.
    package static func texture(_ finding: OrientationFinding, limits: Limits) -> VerdictClause {
        let h = finding.plane
        let direction = "(\(h.x) \(h.y) \(h.z))"
        guard finding.isTaken else {
            return VerdictClause(
                "texture", .holds,
                String(
                    format: "no texture shows: the best direction, %@, has 2 ln K = %.1f", direction,
                    finding.evidence))
        }
        let text = String(
            format:
                "crystallites lie by %@, March–Dollase r = %.3f, 2 ln K = %.0f; without it Rwp is %.2f %%",
            direction, finding.ratio, finding.evidence, 100 * finding.rwpWithout)
        let strength = min(finding.ratio, 1 / max(finding.ratio, 1e-9))
        return strength >= limits.strongTexture
            ? VerdictClause("texture", .holds, text)
            : VerdictClause(
                "texture", .unknown,
                text + ": so strong a texture tells more of the intensities than the atoms")
    }

    /// Whether every other structure that was tried fits clearly worse.
    package static func uniqueness(_ rivals: [Rival]) -> VerdictClause {
        guard let nearest = rivals.min(by: { $0.evidence < $1.evidence }) else {
            return VerdictClause("alternatives", .holds, "no other structure came near")
        }
        let text = String(
            format: "the nearest other structure (%@, Rwp %.2f %%) is less likely by 2 ln K = %.0f",
            nearest.structure.spaceGroup.compactSymbol, 100 * nearest.rwp, nearest.evidence)
        return VerdictClause(
            "alternatives", nearest.evidence >= ModelComparison.decisive ? .holds : .unknown,
            nearest.evidence >= ModelComparison.decisive ? text : "undecided: " + text)
    }

    /// A structure of other atoms or another group, and what the pattern says against it.
    package struct Rival: Sendable {
        package var structure: ReducedStructure
        package var rwp: Double
        /// 2 ln K for the chosen structure.
        package var evidence: Double

        package init(structure: ReducedStructure, rwp: Double, evidence: Double) {
            (self.structure, self.rwp, self.evidence) = (structure, rwp, evidence)
        }
    }
}
