import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// One parameter of a structure along which an objective is scanned while all others stay.
///
/// A cell parameter that the crystal family does not leave free is scanned in the same structure without symmetry.
public struct LandscapeAxis: Sendable {
    /// What is moved along it: a length, an angle, a coordinate.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case length
        case angle
        case coordinate
    }

    /// Why an axis does not go on.
    public enum End: String, Sendable, Hashable {
        /// Beyond it everything repeats.
        case period
        /// Beyond it atoms stand closer than half the sum of their covalent radii, or a potential has
        /// no answer.
        case collision
        /// It was asked for, or is the usual one.
        case range
    }

    /// Why it does not go on, at either side.
    public struct Ends: Sendable, Hashable {
        /// At the lower end.
        public var lower: End
        /// At the upper end.
        public var upper: End

        /// Both sides end for one reason.
        static func both(_ end: End) -> Ends { Ends(lower: end, upper: end) }
    }

    /// The truth, in its group, or in P1 where the axis needs that.
    public let structure: ReducedStructure
    /// The parameter, with unit and bounds.
    public let parameter: Parameter
    /// What kind of parameter it is.
    public let kind: Kind
    /// Whether the structure keeps its group along the axis.
    public let holdsSymmetry: Bool
    /// What is scanned.
    public private(set) var domain: ClosedRange<Double>
    /// Whether the domain ends at a wall, at a collision or nowhere, at either side.
    public private(set) var ends: Ends
    /// After which the objective repeats, in the parameter's unit; nil for a lattice parameter.
    public let period: Double?
    /// The values of the parameter that describe the same crystal.
    package let equivalence: AxisEquivalence
    /// Of what is seen along it.
    package let settings: ScanSettings

    /// - `range`: in the parameter's unit; nil for lengths ±20 %, angles ±20°, coordinates until atoms collide or a
    ///   period is over.
    /// - `endsAtCollisions`: false scans a coordinate over its whole period, as an optimiser that knows no contacts
    ///   sees it.
    public init(
        _ structure: ReducedStructure, along name: String, range: ClosedRange<Double>? = nil,
        endsAtCollisions: Bool = true
    ) throws {
        try self.init(
            structure, along: name, range: range, endsAtCollisions: endsAtCollisions,
            settings: ScanSettings())
    }

    /// The same with settings of one's own.
    package init(
        _ structure: ReducedStructure, along name: String, range: ClosedRange<Double>? = nil,
        endsAtCollisions: Bool = true, settings: ScanSettings
    ) throws {
        self.settings = settings
        let own = structure.parameters.map(\.name)
        let name = AxisName.meant(name, among: own + LatticeParameters.cellNames)
        var held = structure
        var found = structure.parameters.first { $0.name == name }
        var isHeld = true
        if found == nil, LatticeParameters.cellNames.contains(name) {
            held = try LandscapePlane.withoutSymmetry(structure)
            found = held.parameters.first { $0.name == name }
            isHeld = false
        }
        guard let parameter = found else {
            throw LandscapeError.unknownParameter(name, known: own)
        }
        (self.structure, self.parameter, holdsSymmetry) = (held, parameter, isHeld)
        kind = parameter.kind == .length ? .length : parameter.kind == .angle ? .angle : .coordinate
        guard kind == .coordinate else {
            period = nil
            equivalence = AxisEquivalence()
            domain = range ?? LandscapePlane.usualRange(of: parameter, settings.reach)
            ends = .both(.range)
            return
        }
        equivalence = AxisEquivalence(of: parameter.name, in: held)
        let period = equivalence.period
        self.period = period
        let truth = parameter.value
        if let range {
            domain = range
            ends = .both(.range)
        } else if endsAtCollisions {
            let free = CollisionFreeStretch(of: parameter.name, in: held, period: period, settings.reach)
            domain = free.lower...free.upper
            ends = .both(free.isWhole ? .period : .collision)
        } else {
            domain = truth - period / 2...truth + period / 2
            ends = .both(.period)
        }
    }

    /// A part of the axis.
    func limited(to domain: ClosedRange<Double>, ends: Ends) -> LandscapeAxis {
        var axis = self
        (axis.domain, axis.ends) = (domain, ends)
        return axis
    }

    /// Every free parameter of a structure as an axis.
    public static func all(of structure: ReducedStructure, endsAtCollisions: Bool = true) throws
        -> [LandscapeAxis]
    {
        try structure.parameters.map {
            try LandscapeAxis(structure, along: $0.name, endsAtCollisions: endsAtCollisions)
        }
    }

    /// Å that an atom, or a lattice point one cell away, moves for a change in the parameter's unit.
    package func length(of change: Double) -> Double { abs(change) / parameter.scale }
}

/// How far a coordinate can go from the truth to both sides before atoms collide.
struct CollisionFreeStretch {
    let lower: Double
    let upper: Double
    /// Whether nothing collides over the whole period.
    let isWhole: Bool

    init(of name: String, in structure: ReducedStructure, period: Double, _ reach: ScanSettings.Reach) {
        let all = structure.parameters
        guard let position = all.firstIndex(where: { $0.name == name }) else {
            (lower, upper, isWhole) = (0, period, true)
            return
        }
        let truth = all[position].value
        var moved = structure
        var vector = structure.parameterVector
        func share(_ value: Double) -> Double {
            vector[position] = value
            moved.parameterVector = vector
            return Contacts(withinCellOf: moved).shortestShare
        }
        let limit = min(reach.collisionShare, reach.ownShare * share(truth))
        let count = reach.contactSteps
        func end(_ direction: Double) -> Double? {
            for k in 1...count {
                let x = truth + direction * period / 2 * Double(k) / Double(count)
                guard share(x) < limit else { continue }
                var (inside, outside) = (x - direction * period / 2 / Double(count), x)
                for _ in 0..<reach.bisections {
                    let middle = (inside + outside) / 2
                    if share(middle) < limit { outside = middle } else { inside = middle }
                }
                return inside
            }
            return nil
        }
        let (left, right) = (end(-1), end(1))
        if left == nil && right == nil {
            (lower, upper, isWhole) = (truth - period / 2, truth + period / 2, true)
        } else if let right, left == nil {
            // Nothing on the left for half a period: what collides on the right does so again one period earlier.
            let far = Self.firstFree(
                from: right - period, to: truth - period / 2, limit: limit, steps: count, share)
            (lower, upper, isWhole) = (far, right, false)
        } else if let left, right == nil {
            let far = Self.firstFree(
                from: left + period, to: truth + period / 2, limit: limit, steps: count, share)
            (lower, upper, isWhole) = (left, far, false)
        } else {
            (lower, upper, isWhole) = (left ?? truth, right ?? truth, false)
        }
    }

    /// The free point nearest to `start` such that everything from there to `end` is free.
    private static func firstFree(
        from start: Double, to end: Double, limit: Double, steps: Int, _ share: (Double) -> Double
    ) -> Double {
        var last = end
        for k in 1...steps {
            let x = end + (start - end) * Double(k) / Double(steps)
            if share(x) < limit { return last }
            last = x
        }
        return last
    }
}
