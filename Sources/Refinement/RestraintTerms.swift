import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Restraints with the bonds and angles that they concern, chosen where the refinement begins and kept while it lasts.
struct RestraintTerms {
    /// An atom of the crystal: an image of an orbit's representative, so many cells away.
    struct Atom: Hashable {
        let orbit: Int
        let image: Int
        let shift: SIMD3<Double>
    }

    enum Term {
        case distance(phase: Int, Pair)
        case angle(phase: Int, Atom, Atom, Atom)
        /// With the length of a bond of one valence unit.
        case valence(phase: Int, Int, [(Atom, Double)])
        case difference(String, String)
    }

    /// Two atoms.
    struct Pair {
        let first: Atom
        let second: Atom
    }

    private let restraints: [Restraint]
    /// Of each restraint.
    private let terms: [[Term]]

    /// Bonds up to this times the length that is asked for are restrained.
    private static let longestBond = 1.3
    /// Neighbours up to this times the nearest one's distance make angles.
    private static let longestArm = 1.25
    /// Angles so near to the one that is asked for are restrained, degrees.
    private static let angleReach = 30.0

    /// - Throws: for labels and parameters that are none, and where nothing is near.
    init(_ restraints: [Restraint], _ model: PowderModel) throws(RestraintError) {
        self.restraints = restraints
        var terms: [[Term]] = []
        for restraint in restraints { terms.append(try Self.terms(of: restraint, model)) }
        self.terms = terms
    }

    /// (value − target)/σ of every term, one restraint after the other.
    func residuals(_ model: PowderModel) -> [Double] {
        zip(restraints, terms).flatMap { restraint, terms in
            terms.map { (Self.value(of: $0, model) - restraint.target) / restraint.sigma }
        }
    }

    /// What came of each.
    func outcome(_ model: PowderModel) -> [RestraintOutcome] {
        zip(restraints, terms).map { restraint, terms in
            RestraintOutcome(restraint, values: terms.map { Self.value(of: $0, model) })
        }
    }

    // MARK: Values

    private static func value(of term: Term, _ model: PowderModel) -> Double {
        switch term {
        case .difference(let a, let b): return (model[a] ?? .nan) - (model[b] ?? .nan)
        case .distance(let phase, let pair):
            return Place(model.phases[phase].structure).distance(pair.first, pair.second)
        case .angle(let phase, let a, let b, let c):
            return Place(model.phases[phase].structure).angle(a, b, c)
        case .valence(let phase, let orbit, let bonds):
            let place = Place(model.phases[phase].structure)
            let centre = Atom(orbit: orbit, image: 0, shift: .zero)
            return bonds.reduce(0) {
                $0 + exp(($1.1 - place.distance(centre, $1.0)) / BondValence.softness)
            }
        }
    }

    /// Where atoms stand.
    private struct Place {
        let structure: ReducedStructure
        let metric: Matrix3

        init(_ structure: ReducedStructure) {
            self.structure = structure
            metric = structure.lattice.metric
        }

        func position(_ atom: Atom) -> SIMD3<Double> {
            let orbit = structure.orbits[atom.orbit]
            return orbit.images[atom.image].apply(to: orbit.position) + atom.shift
        }

        func distance(_ a: Atom, _ b: Atom) -> Double {
            let step = position(b) - position(a)
            return max(0, step.dot(metric * step)).squareRoot()
        }

        /// Degrees, at b.
        func angle(_ a: Atom, _ b: Atom, _ c: Atom) -> Double {
            let (first, second) = (position(a) - position(b), position(c) - position(b))
            let product = first.dot(metric * second)
            let lengths = (first.dot(metric * first) * second.dot(metric * second)).squareRoot()
            return acos(max(-1, min(1, product / max(lengths, 1e-12)))) * 180 / .pi
        }

        /// Atoms of an orbit around a representative, within a reach, Å.
        func neighbours(of centre: Int, _ orbit: Int, within reach: Double) -> [(
            atom: Atom, distance: Double
        )] {
            let origin = Atom(orbit: centre, image: 0, shift: .zero)
            let middle = position(origin)
            var found: [(atom: Atom, distance: Double)] = []
            for image in structure.orbits[orbit].images.indices {
                let there = position(Atom(orbit: orbit, image: image, shift: .zero)) - middle
                let base = SIMD3<Double>(
                    -there.x.rounded(), -there.y.rounded(), -there.z.rounded())
                for i in -2...2 {
                    for j in -2...2 {
                        for k in -2...2 {
                            let shift = base + SIMD3(Double(i), Double(j), Double(k))
                            let atom = Atom(orbit: orbit, image: image, shift: shift)
                            let distance = distance(origin, atom)
                            if distance > 0.05, distance <= reach { found.append((atom, distance)) }
                        }
                    }
                }
            }
            return found
        }
    }

    // MARK: What a restraint concerns

    private static func terms(of restraint: Restraint, _ model: PowderModel) throws(RestraintError) -> [Term]
    {
        switch restraint.quantity {
        case .difference(let a, let b):
            for name in [a, b] where model[name] == nil {
                throw .unknownParameter(name, known: model.parameters.map(\.name))
            }
            return [.difference(a, b)]
        case .distance(let a, let b):
            return try bonds(a, b, restraint, model)
        case .angle(let a, let b, let c):
            return try angles(a, b, c, restraint, model)
        case .valence(let a):
            return try valences(a, restraint, model)
        }
    }

    private static func bonds(
        _ a: String, _ b: String, _ restraint: Restraint, _ model: PowderModel
    ) throws(RestraintError) -> [Term] {
        let (centres, others) = (try orbits(a, model), try orbits(b, model))
        let reach = longestBond * restraint.target
        var result: [Term] = []
        for (phase, centre) in centres {
            let place = Place(model.phases[phase].structure)
            for (_, other) in others.filter({ $0.phase == phase }) {
                for neighbour in place.neighbours(of: centre, other, within: reach) {
                    let centreAtom = Atom(orbit: centre, image: 0, shift: .zero)
                    result.append(
                        .distance(phase: phase, Pair(first: centreAtom, second: neighbour.atom)))
                }
            }
        }
        guard !result.isEmpty else {
            throw .nothingNear(
                restraint.name, reach: "no two are nearer than \(String(format: "%.2f", reach)) Å")
        }
        return result
    }

    private static func angles(
        _ a: String, _ b: String, _ c: String, _ restraint: Restraint, _ model: PowderModel
    ) throws(RestraintError) -> [Term] {
        let (firsts, centres, lasts) = (try orbits(a, model), try orbits(b, model), try orbits(c, model))
        var result: [Term] = []
        for (phase, centre) in centres {
            let place = Place(model.phases[phase].structure)
            func arms(_ orbits: [(phase: Int, orbit: Int)]) -> [Atom] {
                let near = orbits.filter { $0.phase == phase }
                    .flatMap { place.neighbours(of: centre, $0.orbit, within: 6) }
                let nearest = near.map(\.distance).min() ?? 0
                return near.filter { $0.distance <= longestArm * nearest }.map(\.atom)
            }
            let (left, right) = (arms(firsts), arms(lasts))
            let middle = Atom(orbit: centre, image: 0, shift: .zero)
            var seen: Set<Set<Atom>> = []
            for first in left {
                for last in right where first != last && seen.insert([first, last]).inserted {
                    guard abs(place.angle(first, middle, last) - restraint.target) <= angleReach else {
                        continue
                    }
                    result.append(.angle(phase: phase, first, middle, last))
                }
            }
        }
        guard !result.isEmpty else {
            throw .nothingNear(
                restraint.name, reach: "no angle is within \(Int(angleReach))° of it")
        }
        return result
    }

    private static func valences(
        _ name: String, _ restraint: Restraint, _ model: PowderModel
    ) throws(RestraintError) -> [Term] {
        var result: [Term] = []
        for (phase, centre) in try orbits(name, model) {
            let structure = model.phases[phase].structure
            guard let states = BondValenceSums(structure.expanded())?.states,
                let own = element(structure.orbits[centre]), let ownState = states[own]
            else { throw .noValence(name) }
            let place = Place(structure)
            var bonds: [(Atom, Double)] = []
            for (index, orbit) in structure.orbits.enumerated() {
                guard let other = element(orbit), let state = states[other], state * ownState < 0 else {
                    continue
                }
                guard let length = BondValence.unitLength(own, other) else { throw .noValence(name) }
                bonds += place.neighbours(of: centre, index, within: BondValenceSums.reach)
                    .map { ($0.atom, length) }
            }
            result.append(.valence(phase: phase, centre, bonds))
        }
        return result
    }

    private static func element(_ orbit: Orbit) -> Element? { orbit.occupants.first?.species.element }

    /// Of a label, or of every orbit of an element.
    private static func orbits(
        _ name: String, _ model: PowderModel
    ) throws(RestraintError) -> [(phase: Int, orbit: Int)] {
        var labelled: [(phase: Int, orbit: Int)] = []
        var ofElement: [(phase: Int, orbit: Int)] = []
        for (phase, content) in model.phases.enumerated() {
            for (index, orbit) in content.structure.orbits.enumerated() {
                if orbit.label == name { labelled.append((phase, index)) }
                if element(orbit)?.symbol == name { ofElement.append((phase, index)) }
            }
        }
        let found = labelled.isEmpty ? ofElement : labelled
        guard !found.isEmpty else {
            throw .unknownAtom(name, known: model.phases.flatMap { $0.structure.orbits.map(\.label) })
        }
        return found
    }
}

/// What came of a restraint.
public struct RestraintOutcome: Sendable, Hashable {
    /// As it was asked for.
    public let restraint: Restraint
    /// Of its bonds, angles or valences, in its unit.
    public let values: [Double]

    init(_ restraint: Restraint, values: [Double]) {
        (self.restraint, self.values) = (restraint, values)
    }

    /// √⟨(value − target)²⟩, in its unit.
    public var deviation: Double {
        let squares = values.reduce(0) { $0 + ($1 - restraint.target) * ($1 - restraint.target) }
        return (squares / Double(max(1, values.count))).squareRoot()
    }
}
