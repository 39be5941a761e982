import Crystallography
import Parameterization

/// A crystal that a method proposes, with what it was judged by.
public struct DesignCandidate: Sendable {
    public var decoration: Decoration
    public var x: [Double]
    /// One for each predictor.
    public var values: [Double]
    public var loss: Double
    /// A: the targets of the gap (and every property beside the formation energy) hold, gated by the classifier, and
    /// so do the constraints.
    public var meetsProperties: Bool
    /// B: the target of the formation energy holds.
    public var isStable: Bool
    /// C: the tolerance factor, and τ where it is limited, is in range, or there is none.
    public var meetsTolerance: Bool
    /// D: the proof, one state for each orbit; nil where there is none.
    public var charges: [Int]?
    /// E: coordinates in range of the template, angles within 5°, and no two atoms too close (`ContactLimits`).
    public var keepsTemplate: Bool
    public var toleranceFactor: Double?
    /// Å.
    public var closestDistance: Double
    /// The tightest contact as a share of the sum of covalent radii.
    public var closestShare: Double
    /// Evaluations of all models that the verdict took.
    public var evaluations: Int
    public var structure: ReducedStructure

    /// All five.
    public var isSuccess: Bool {
        meetsProperties && isStable && meetsTolerance && charges != nil && keepsTemplate
    }

    public var elements: [Element] {
        decoration.elements.compactMap { Element(atomicNumber: $0 + 1) }
    }
}

extension DesignProblem {
    /// Judges a decorated crystal afresh, neighbours as they stand: one call of each predictor, in double precision.
    ///
    /// - Parameter known: what a search has found; a crystal that fails by these is not evaluated again.
    public func judge(_ decoration: Decoration, at x: [Double], values known: [Double]? = nil)
        -> DesignCandidate
    {
        if let known {
            let first = verdict(decoration, at: x, values: known, evaluations: 0)
            guard first.isSuccess else { return first }
        }
        let values = evaluate(decoration, at: x, gradient: false, precision: .double).values
        return verdict(decoration, at: x, values: values, evaluations: 1)
    }

    private func verdict(_ decoration: Decoration, at x: [Double], values: [Double], evaluations: Int)
        -> DesignCandidate
    {
        var (properties, stable) = (true, true)
        for (target, value) in zip(targets, values) where !target.isMet(value) {
            if target.property == "formation-energy" { stable = false } else { properties = false }
        }
        if let gate, !targets.indices.contains(gate), values[gate] >= 0.5 { properties = false }
        let elements = decoration.elements.compactMap { Element(atomicNumber: $0 + 1) }
        let structure = space.structure(at: x, elements: elements)
        if !constraints.isEmpty {
            var composition: [Element: Int] = [:]
            for (orbit, element) in elements.enumerated() {
                composition[element, default: 0] += Int(space.multiplicities[orbit])
            }
            if !constraints.allSatisfy({ $0.admits(composition) && $0.accepts(structure) }) {
                properties = false
            }
        }
        let angles = structure.lattice.angles - template.structure.lattice.angles
        let contacts = Contacts(structure)
        return DesignCandidate(
            decoration: decoration, x: x, values: values, loss: loss(values).loss,
            meetsProperties: properties,
            isStable: stable,
            meetsTolerance: meetsTolerance(decoration.elements, pattern: decoration.pattern),
            charges: proveNeutrality(decoration.elements),
            keepsTemplate: space.largestShift(at: x) <= template.coordinateRange + 1e-9
                && max(abs(angles.x), abs(angles.y), abs(angles.z)) <= 5 + 1e-9
                && contacts.shortestDistance > minimumDistance && contacts.shortestShare >= Contacts.sane,
            toleranceFactor: toleranceFactor(decoration.elements, pattern: decoration.pattern),
            closestDistance: contacts.shortestDistance, closestShare: contacts.shortestShare,
            evaluations: evaluations, structure: structure)
    }
}

/// What a method found, and what it cost.
public struct DesignResult: Sendable {
    public struct Progress: Sendable {
        /// Predictor calls made so far.
        public var calls: Int
        public var successes: Int
        public var compositions: Int
    }

    public var method: String
    /// Best first.
    public var candidates: [DesignCandidate]
    /// Calls of one model on one crystal, with or without gradient.
    public var calls: Int
    public var progress: [Progress]
    /// Compositions with a success, also those beyond the candidates asked for.
    public var feasible: Set<[Int]>

    public init(
        method: String, candidates: [DesignCandidate], calls: Int, progress: [Progress], feasible: Set<[Int]>
    ) {
        self.method = method
        self.candidates = candidates
        self.calls = calls
        self.progress = progress
        self.feasible = feasible
    }
}
