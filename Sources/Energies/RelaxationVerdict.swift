import Crystallography
import Foundation

/// What the verdict on a relaxation stands on; it is a "no" where one of these fails.
package enum RelaxationClause: String, Sendable, Hashable, CaseIterable {
    case converged
    case group
    case contacts
    case saddle
    case elastic

    /// What is asked.
    package var question: String {
        switch self {
        case .converged: "No force and no stress is left above the limits."
        case .group: "Every operation of the group maps the relaxed structure on itself within 10⁻⁵ Å."
        case .contacts: "No two atoms stand closer than 0.6 of the sum of their covalent radii."
        case .saddle: "No direction that breaks the group leads downhill; unknown unless it is asked for."
        case .elastic: "Every strain costs energy (Born); unknown unless it is asked for."
        }
    }
}

extension RelaxationClause {
    /// Every clause in order.
    ///
    /// - Parameters:
    ///   - groupHeld: what `GroupVerification` found.
    ///   - saddle: nil where it was not looked for.
    ///   - elastic: nil where it was not measured.
    package static func verdict(
        on result: Relaxation.Result, groupHeld: Bool, saddle: SaddleCheck.Finding?,
        elastic: ElasticConstants? = nil
    ) -> [VerdictClause] {
        let structure = result.structure
        return [
            converged(result), group(structure.spaceGroup.compactSymbol, held: groupHeld),
            contacts(structure.expanded()), saddleClause(saddle),
            elasticClause(elastic),
        ]
    }

    private static func converged(_ result: Relaxation.Result) -> VerdictClause {
        let rest = String(
            format: "%.4f eV/Å and %.3f GPa are left after %d evaluations", result.last.largestForce,
            result.last.largestStress, result.last.evaluations)
        let name = RelaxationClause.converged.rawValue
        switch result.outcome {
        case .converged: return VerdictClause(name, .holds, "converged: \(rest)")
        case .evaluationLimit:
            return VerdictClause(name, .fails, "not converged, the limit of evaluations was met: \(rest)")
        case .stalled:
            return VerdictClause(name, .fails, "not converged, no step lowers the enthalpy any more: \(rest)")
        }
    }

    private static func group(_ symbol: String, held: Bool) -> VerdictClause {
        VerdictClause(
            RelaxationClause.group.rawValue, held ? .holds : .fails,
            held
                ? "\(symbol) holds within \(GroupVerification.tolerance) Å"
                : "\(symbol) does not hold within \(GroupVerification.tolerance) Å")
    }

    private static func contacts(_ structure: CrystalStructure) -> VerdictClause {
        let name = RelaxationClause.contacts.rawValue
        guard let tightest = Contacts(structure).tightest else {
            return VerdictClause(name, .unknown, "there are no two atoms")
        }
        return VerdictClause(
            name, tightest.share >= Contacts.sane ? .holds : .fails, tightest.sentence(in: structure))
    }

    private static func saddleClause(_ finding: SaddleCheck.Finding?) -> VerdictClause {
        let name = RelaxationClause.saddle.rawValue
        guard let finding else {
            return VerdictClause(name, .unknown, "not asked: --check-saddle looks for a way downhill")
        }
        if finding.isFlat, let change = finding.energyChangePerAtom {
            return VerdictClause(
                name, .holds,
                String(
                    format:
                        "flat within the potential's noise: %+.6f eV/atom along the softest direction that breaks the "
                        + "group, where no atom moves more than %.3f Å", change,
                    finding.largestDisplacement ?? .nan))
        }
        guard finding.isSaddle else {
            return VerdictClause(
                name, .holds,
                "none of \(finding.brokenDirections) directions that break the group leads downhill")
        }
        var sentence = String(
            format: "a saddle: the softest direction that breaks the group has %.4f eV/Å²",
            finding.softestCurvature)
        if let change = finding.energyChangePerAtom, let group = finding.lowerSpaceGroup {
            sentence +=
                "; \(group.compactSymbol) beside it lies " + String(format: "%+.6f eV/atom from it", change)
        }
        return VerdictClause(name, .fails, sentence)
    }

    private static func elasticClause(_ constants: ElasticConstants?) -> VerdictClause {
        let name = RelaxationClause.elastic.rawValue
        guard let constants else {
            return VerdictClause(name, .unknown, "not asked: --elastic measures the stiffnesses")
        }
        let least = String(format: "%.2f GPa", constants.eigenvalues.first ?? .nan)
        return constants.isStable
            ? VerdictClause(name, .holds, "the least of six stiffnesses is \(least)")
            : VerdictClause(name, .fails, "not stable: one strain has a stiffness of \(least)")
    }
}
