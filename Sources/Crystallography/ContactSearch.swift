import Foundation
import NumericalMethods

/// The search for the closest pairs: atoms in bins of a reduced cell, each seen against the bins around its own.
struct ContactSearch {
    private(set) var closest: Contact?
    private(set) var tightest: Contact?
    private(set) var crowd: Contacts.Crowd?

    private let atoms: [Contacts.Atom]
    private let limits: ContactLimits
    private let ownImages: Bool
    /// Minkowski-reduced.
    private let lattice: Lattice
    /// On the reduced basis, in [0, 1).
    private let points: [SIMD3<Double>]
    /// Å.
    private let largestSum: Double
    /// Pairs that are too close but exclude each other: by the first atom.
    private var exclusions: [Int: [CrowdedPlace.Member]] = [:]

    init(_ lattice: Lattice, _ atoms: [Contacts.Atom], _ limits: ContactLimits, ownImages: Bool) {
        let reduction = LatticeReduction(lattice)
        let toReduced = Matrix3(reduction.transformation.inverse ?? .identity).transpose
        self.lattice = reduction.lattice
        self.atoms = atoms
        self.limits = limits
        self.ownImages = ownImages
        points = atoms.map { (toReduced * $0.position).wrapped }
        let radius = atoms.lazy.compactMap(\.radius).max()
        largestSum = ContactLimits.sum(radius, radius)
    }

    /// - Parameter origins: atoms whose contacts are looked for, with all atoms.
    mutating func run(from origins: [Int]) {
        guard !origins.isEmpty, ownImages || atoms.count > 1 else { return }
        // A cell without volume, or a position that is no number: everything has fallen together.
        guard lattice.volume.isFinite, lattice.volume > 0, points.allSatisfy({ $0.dot($0).isFinite }) else {
            tightest = Contact(first: origins[0], second: origins[0], distance: 0, share: 0)
            closest = tightest
            return
        }
        var cutoff = firstCutoff
        scan(from: origins, within: cutoff)
        // Pairs beyond the limit count even where they exclude each other, so that there is one in the end.
        while tightest == nil {
            cutoff *= 2
            scan(from: origins, within: cutoff)
        }
        if let share = tightest?.share, share * largestSum > cutoff {
            scan(from: origins, within: share * largestSum * (1 + 1e-9))
        }
        findCrowd()
    }

    /// Å. No packing of spheres is denser than the close ones: some two atoms are nearer than (√2 V/N)^⅓, and an
    /// atom meets its image at the shortest lattice vector.
    private var firstCutoff: Double {
        let packed = 1.123 * cbrt(lattice.volume / Double(atoms.count))
        let own = lattice.vectors[0].length * (1 + 1e-9)
        let meetsItself = ownImages && atoms.contains { !limits.exclude($0.occupancy, $0.occupancy) }
        return meetsItself ? min(packed, own) : packed
    }

    private mutating func scan(from origins: [Int], within cutoff: Double) {
        (closest, tightest, exclusions) = (nil, nil, [:])
        let bins = PointBins(points, lattice: lattice, within: cutoff)
        let vectors = lattice.vectors
        let square = cutoff * cutoff
        for origin in origins {
            let position = points[origin]
            bins.forEachCandidate(around: position) { atom, shift in
                if atom == origin, shift == .zero || !ownImages { return }
                let v = (points[atom] + shift - position) * vectors
                let length = v.dot(v)
                guard length <= square else { return }
                count(origin, atom, v, length.squareRoot())
            }
        }
    }

    private mutating func count(_ first: Int, _ second: Int, _ vector: SIMD3<Double>, _ distance: Double) {
        let (a, b) = (atoms[first], atoms[second])
        let share = distance / ContactLimits.sum(a.radius, b.radius)
        if share < limits.leastShare, limits.exclude(a.occupancy, b.occupancy) {
            exclusions[first, default: []].append(CrowdedPlace.Member(atom: second, vector: vector))
            return
        }
        guard share < shortest(tightest?.share) || distance < shortest(closest?.distance) else { return }
        let contact = Contact(
            first: min(first, second), second: max(first, second), distance: distance, share: share)
        if share < shortest(tightest?.share) { tightest = contact }
        if distance < shortest(closest?.distance) { closest = contact }
    }

    /// Less than this by more than rounding is nearer: of equal pairs the first one is named.
    private func shortest(_ value: Double?) -> Double { value.map { $0 * (1 - 1e-9) } ?? .infinity }

    private mutating func findCrowd() {
        for origin in exclusions.keys.sorted() {
            let place = CrowdedPlace(origin, exclusions[origin] ?? [], atoms, limits)
            guard let members = place.crowd else { continue }
            let nearest = members.min { $0.vector.length < $1.vector.length }
            guard let nearest else { continue }
            let all = [origin] + members.map(\.atom)
            crowd = Contacts.Crowd(
                atoms: all.sorted(), occupancy: all.reduce(0) { $0 + atoms[$1].occupancy })
            let distance = nearest.vector.length
            let share = distance / ContactLimits.sum(atoms[origin].radius, atoms[nearest.atom].radius)
            let contact = Contact(
                first: min(origin, nearest.atom), second: max(origin, nearest.atom), distance: distance,
                share: share)
            if share < tightest?.share ?? .infinity { tightest = contact }
            if distance < closest?.distance ?? .infinity { closest = contact }
            return
        }
    }

}

/// Sites around a partly occupied one that are all too close to it, though each alone excludes it.
struct CrowdedPlace {
    struct Member {
        let atom: Int
        /// Å, from the site in the middle.
        let vector: SIMD3<Double>
    }

    private let origin: Int
    private let members: [Member]
    private let atoms: [Contacts.Atom]
    private let limits: ContactLimits
    /// Steps of the search for a crowd; disorder of published structures takes some tens.
    private static let mostSteps = 20_000

    init(_ origin: Int, _ members: [Member], _ atoms: [Contacts.Atom], _ limits: ContactLimits) {
        (self.origin, self.members, self.atoms, self.limits) = (origin, members, atoms, limits)
    }

    /// Members that are too close to each other too and hold, with the site in the middle, more than one atom; nil
    /// where there are none.
    var crowd: [Member]? {
        var steps = 0
        return extended([], occupancy: atoms[origin].occupancy, by: members, &steps)
    }

    private func extended(
        _ clique: [Member], occupancy: Double, by rest: [Member], _ steps: inout Int
    ) -> [Member]? {
        if occupancy > 1 + limits.occupancyExcess { return clique }
        steps += 1
        let possible = rest.reduce(occupancy) { $0 + atoms[$1.atom].occupancy }
        guard possible > 1 + limits.occupancyExcess, steps < Self.mostSteps else { return nil }
        for (k, member) in rest.enumerated() {
            let others = rest[(k + 1)...].filter { isTooClose($0, member) }
            let more = occupancy + atoms[member.atom].occupancy
            if let found = extended(clique + [member], occupancy: more, by: others, &steps) { return found }
        }
        return nil
    }

    private func isTooClose(_ a: Member, _ b: Member) -> Bool {
        (a.vector - b.vector).length
            < limits.leastShare * ContactLimits.sum(atoms[a.atom].radius, atoms[b.atom].radius)
    }
}
