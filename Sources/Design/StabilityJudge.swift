import Crystallography
import Energies
import LearnedModels
import NumericalMethods
import Parameterization
import ReferenceData

/// CHGNet's formation energy: a second opinion that no search sees.
public struct StabilityJudge: Sendable {
    private let model: CHGNet

    public init(_ model: CHGNet) {
        self.model = model
    }

    /// From the model store; nil where CHGNet is not installed.
    public static func installed(in store: ModelStore = .standard) throws -> StabilityJudge? {
        guard store.isInstalled(.chgnet) else { return nil }
        return StabilityJudge(try CHGNet(store.checkpoint(.chgnet), name: "chgnet"))
    }

    /// eV/atom of the elements by the same weights (Data/tables/chgnet-elements.tsv).
    static let references: [Element: Double] = Dictionary(
        uniqueKeysWithValues: String(cString: wyckoff_table_chgnet_elements())
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { line in
                let cell = line.split(separator: "\t")
                guard cell.count >= 2, let element = Element(symbol: cell[0]), let energy = Double(cell[1])
                else {
                    return nil
                }
                return (element, energy)
            })

    public struct Verdict: Sendable {
        /// eV/atom, as proposed.
        public var formationEnergy: Double
        /// Nil where it was not relaxed.
        public var relaxation: Relaxation?

        /// Nil where it was not relaxed.
        public var isStable: Bool? { relaxation?.isStable }
    }

    /// What became of a crystal in the template's symmetry.
    public struct Relaxation: Sendable {
        /// eV/atom.
        public var formationEnergy: Double
        /// eV/Å, the largest force that is left.
        public var largestForce: Double
        /// Fractional, the largest move of a coordinate.
        public var largestShift: Double

        /// Formation energy below −0.5 eV/atom, forces below 0.05 eV/Å, moved by less than 0.15.
        public var isStable: Bool { formationEnergy < -0.5 && largestForce < 0.05 && largestShift < 0.15 }
    }

    /// eV/atom against the elements; nil where an element has no reference or the model refuses.
    public func formationEnergy(_ structure: CrystalStructure) -> Double? {
        guard let energy = try? model.evaluate(structure).energyPerAtom else { return nil }
        return reference(structure).map { energy - $0 }
    }

    private func reference(_ structure: CrystalStructure) -> Double? {
        var sum = 0.0
        for (element, count) in structure.composition {
            guard let own = Self.references[element] else { return nil }
            sum += own * count
        }
        return sum / Double(structure.sites.count)
    }

    /// The energy as it stands and, where `limit` is above zero, after relaxing cell and coordinates in the structure's
    /// own symmetry with so many evaluations at most; nil where an element has no reference or the model refuses.
    public func verdict(_ structure: ReducedStructure, limit: Int = 120) -> Verdict? {
        let start = structure.expanded()
        guard let reference = reference(start), let first = try? model.evaluate(start) else { return nil }
        let energy = first.energyPerAtom - reference
        guard limit > 0 else { return Verdict(formationEnergy: energy) }
        let parameters = structure.parameters
        let scales = parameters.map(\.scale)
        var minimizer = Minimizer(
            .lbfgs,
            bounds: zip(parameters, scales).map { parameter, scale in
                let isCell = !parameter.unit.isEmpty
                let reach = isCell ? 0.3 * abs(parameter.value) : 0.25
                return ((parameter.value - reach) / scale)...((parameter.value + reach) / scale)
            })
        minimizer.maximumEvaluations = limit
        minimizer.relativeValueTolerance = 1e-9
        var moved = structure
        let count = Double(start.sites.count)
        let result = try? minimizer.minimize(from: zip(structure.parameterVector, scales).map { $0 / $1 }) {
            x, gradient in
            moved.parameterVector = zip(x, scales).map { $0 * $1 }
            let evaluation = try model.evaluate(moved.expanded())
            if !gradient.isEmpty {
                gradient = zip(evaluation.gradient(in: moved), scales).map { $0 * $1 / count }
            }
            return evaluation.energyPerAtom
        }
        guard let result else { return nil }
        moved.parameterVector = zip(result.parameters, scales).map { $0 * $1 }
        let end = moved.expanded()
        guard let last = try? model.evaluate(end) else { return nil }
        let shift =
            zip(start.sites, end.sites).map { a, b in
                let d = (b.position - a.position).nearestImage
                return max(abs(d.x), abs(d.y), abs(d.z))
            }.max() ?? 0
        return Verdict(
            formationEnergy: energy,
            relaxation: Relaxation(
                formationEnergy: last.energyPerAtom - reference,
                largestForce: last.forces.map(\.length).max() ?? 0, largestShift: shift))
    }
}
