import Crystallography
import NumericalMethods
import Parameterization

extension DesignEvaluator {
    /// Rounding that a coordinate or an angle at its bound may have.
    private static let rounding = 1e-9

    /// Judges a decorated crystal afresh, neighbours as they stand: one call of each predictor, in double precision.
    ///
    /// - Parameter known: what a search has found; a crystal that fails by these is not evaluated again.
    package func judge(
        _ decoration: Decoration, at x: [Double], values known: [Double]? = nil
    ) -> DesignCandidate {
        if let known {
            let first = verdict(
                decoration, problem.space.structure(at: x, elements: decoration.elements), at: x,
                values: known, evaluations: 0)
            guard first.isSuccess else { return first }
        }
        let values = evaluate(decoration, at: x, gradient: false, precision: .double).values
        return verdict(
            decoration, problem.space.structure(at: x, elements: decoration.elements), at: x, values: values,
            evaluations: 1)
    }

    /// The verdict on the same elements at another geometry: at the least energy, where a crystal would be. What the template keeps
    /// fixed, the angles of a free cell, may have moved there.
    package func judge(_ decoration: Decoration, standing structure: ReducedStructure) -> DesignCandidate {
        let values = evaluate(decoration, standing: structure, gradient: false, precision: .double).values
        return verdict(
            decoration, structure, at: problem.space.variables(of: structure), values: values, evaluations: 1)
    }

    /// The same at the least energy, with what the potential says there of the magnetic moment.
    package func judge(_ decoration: Decoration, relaxed: StabilityJudge.Relaxation) -> DesignCandidate {
        var candidate = judge(decoration, standing: relaxed.structure)
        if !problem.meetsMoment(relaxed.magneticMoments) { candidate.meetsProperties = false }
        return candidate
    }

    /// Whether a target is met by what its model answers where it knows nothing.
    private func isOnFloor(_ values: [Double]) -> Bool {
        zip(problem.targets, zip(predictors, values)).contains { target, answer in
            let (predictor, value) = answer
            guard !target.isExtreme, let floor = predictor.floor else { return false }
            let width = problem.settings.judge.floorShare * (predictor.validationError ?? 0)
            return abs(value - floor) <= width
        }
    }

    private func verdict(
        _ decoration: Decoration, _ structure: ReducedStructure, at x: [Double], values: [Double],
        evaluations: Int
    ) -> DesignCandidate {
        let missed = zip(problem.targets, values).filter { !$0.isMet($1) }.map(\.0)
        let contacts = Contacts(structure)
        return DesignCandidate(
            decoration: decoration, x: x, values: values, loss: loss.evaluate(values).loss,
            meetsProperties: missed.allSatisfy(\.isFormationEnergy) && loss.passesGate(values)
                && !isOnFloor(values) && meetsConstraints(decoration, structure),
            isOnFloor: isOnFloor(values),
            isStable: !missed.contains(where: \.isFormationEnergy),
            meetsTolerance: problem.meetsTolerance(decoration),
            charges: problem.proveNeutrality(decoration),
            keepsTemplate: keepsTemplate(structure, at: x)
                && contacts.shortestDistance > problem.minimumDistance
                && contacts.shortestShare >= problem.settings.judge.contactShare,
            toleranceFactor: problem.toleranceFactor(decoration),
            closestDistance: contacts.shortestDistance, closestShare: contacts.shortestShare,
            evaluations: evaluations, structure: structure)
    }

    private func meetsConstraints(_ decoration: Decoration, _ structure: ReducedStructure) -> Bool {
        guard problem.isChemical(decoration) else { return false }
        guard !problem.constraints.isEmpty else { return true }
        let atoms = problem.atoms(decoration)
        return problem.constraints.allSatisfy { $0.admits(atoms) && $0.accepts(structure) }
    }

    /// Coordinates and angles within their ranges of the template's.
    private func keepsTemplate(_ structure: ReducedStructure, at x: [Double]) -> Bool {
        let template = problem.template
        let angles = structure.lattice.angles - template.structure.lattice.angles
        let largest = max(abs(angles.x), abs(angles.y), abs(angles.z))
        return problem.space.largestShift(at: x) <= template.coordinateRange + Self.rounding
            && largest <= template.angleRange + Self.rounding
    }
}

extension PropertyTarget {
    /// Criterion B's; every other property counts under A.
    fileprivate var isFormationEnergy: Bool { property == "formation-energy" }
}
