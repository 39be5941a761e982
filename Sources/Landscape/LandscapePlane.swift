import Crystallography
import Diffraction
import ExplainedErrors
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Two parameters of a structure that move together while all others stay.
///
/// A cell parameter that the crystal family does not leave free (`b` of a hexagonal cell, `alpha`) is scanned in the
/// same structure without symmetry: there `a` is the length of one axis and not of all that the family ties to it.
public struct LandscapePlane: Sendable {
    /// The truth, in its group, or in P1 where an axis needs that.
    public let structure: ReducedStructure
    /// The parameter of the columns.
    public let x: Parameter
    /// The parameter of the rows.
    public let y: Parameter

    /// - `holdsSymmetry`: false takes P1 even where the family has both parameters.
    public init(
        _ structure: ReducedStructure, along names: (String, String), holdsSymmetry: Bool = true
    ) throws(LandscapeError) {
        func find(_ name: String, in structure: ReducedStructure) -> Parameter? {
            let parameters = structure.parameters
            let name = AxisName.meant(name, among: parameters.map(\.name))
            return parameters.first { $0.name == name }
        }
        if holdsSymmetry, let x = find(names.0, in: structure), let y = find(names.1, in: structure) {
            guard x.name != y.name else { throw .sameAxisTwice(x.name) }
            (self.structure, self.x, self.y) = (structure, x, y)
            return
        }
        let free = try Self.withoutSymmetry(structure)
        guard let x = find(names.0, in: free) else {
            throw .unknownParameter(names.0, known: structure.parameters.map(\.name))
        }
        guard let y = find(names.1, in: free) else {
            throw .unknownParameter(names.1, known: structure.parameters.map(\.name))
        }
        guard x.name != y.name else { throw .sameAxisTwice(x.name) }
        (self.structure, self.x, self.y) = (free, x, y)
    }

    /// The same atoms in P1: six lattice parameters, three coordinates an atom; atoms of one label are told apart by
    /// a number (`O1_2.x`).
    public static func withoutSymmetry(_ structure: ReducedStructure) throws(LandscapeError)
        -> ReducedStructure
    {
        guard let group = SpaceGroup(hallNumber: 1) else { throw .noStructureWithoutSymmetry("no P1") }
        var atoms = structure.expanded()
        var seen: [String: Int] = [:]
        for index in atoms.sites.indices {
            let label = atoms.sites[index].label
            seen[label, default: 0] += 1
            if let count = seen[label], count > 1 { atoms.sites[index].label = "\(label)_\(count)" }
        }
        do {
            return try ReducedStructure(reducing: atoms, in: group)
        } catch {
            throw .noStructureWithoutSymmetry("\(error)")
        }
    }

    /// Where a parameter is looked at unless somebody says otherwise: lengths 20 % and angles 20° to both sides, a
    /// coordinate over its whole period.
    package static func usualRange(of parameter: Parameter) -> ClosedRange<Double> {
        usualRange(of: parameter, ScanSettings.Reach())
    }

    static func usualRange(of parameter: Parameter, _ reach: ScanSettings.Reach) -> ClosedRange<Double> {
        let value = parameter.value
        switch parameter.kind {
        case .length: return reach.lengths.lowerBound * value...reach.lengths.upperBound * value
        case .angle:
            return max(
                reach.angles.lowerBound, value - reach.angle)...min(
                    reach.angles.upperBound, value + reach.angle)
        default: return value - reach.coordinate...value + reach.coordinate
        }
    }

    /// The loss of the pattern at points of the plane: 1 − s for similarities, distances as they are; not a number
    /// where the six cell parameters span no cell.
    ///
    /// - `model`: the phase's structure is replaced by the plane's; scale, instrument and background stay.
    /// - `target`: intensities at `twoTheta`; nil for the truth's own pattern.
    public func loss(
        _ measure: SimilarityMeasure, model: PowderModel, twoTheta: [Double], target: [Double]? = nil
    ) throws(DiffractionError) -> (Double, Double) -> Double {
        var model = model
        guard !model.phases.isEmpty else { return { _, _ in .nan } }
        model.phases[0].structure = structure
        let calculation = try PowderCalculation(model, twoTheta: twoTheta, free: [x.name, y.name])
        let prepared = measure.prepared(target: target ?? calculation.calculated, twoTheta: twoTheta)
        var probe = structure.latticeParameters
        let latticeNames = probe.names
        let columns = [x.name, y.name].map { latticeNames.firstIndex(of: $0) }
        return { first, second in
            for (column, value) in zip(columns, [first, second]) {
                if let column { probe.values[column] = value }
            }
            guard probe.isCell else { return .nan }
            calculation.values = [first, second]
            let value = prepared.evaluate(calculation.calculated, gradient: nil)
            return measure.isSimilarity ? 1 - value : value
        }
    }
}

extension LatticeParameters {
    /// Whether the six parameters span a cell at all.
    var isCell: Bool {
        let c = cell.dropFirst(3).map { cos($0 * .pi / 180) }
        let gram = 1 - c[0] * c[0] - c[1] * c[1] - c[2] * c[2] + 2 * c[0] * c[1] * c[2]
        return cell.prefix(3).allSatisfy { $0 > 0 } && gram > 1e-4
    }
}

/// What a landscape cannot be made of.
public enum LandscapeError: ExplainedError, Hashable {
    case unknownParameter(String, known: [String])
    case sameAxisTwice(String)
    case noStructureWithoutSymmetry(String)
    case patternIsForeign

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .unknownParameter(let name, let known):
            Explanation(
                "no parameter '\(name)'",
                remedy: "free in the group are \(known.joined(separator: ", ")), outside it a b c alpha beta "
                    + "gamma")
        case .sameAxisTwice(let name):
            Explanation("a map needs two different axes, not '\(name)' twice")
        case .patternIsForeign:
            Explanation(
                "the measured pattern holds no trace of this structure",
                remedy: "check the structure and --wavelength")
        case .noStructureWithoutSymmetry(let reason):
            Explanation("the structure cannot be written in P1: \(reason)")
        }
    }
}
