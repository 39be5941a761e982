import Foundation
import NumericalMethods

/// Two atoms and how near they stand.
public struct Contact: Sendable, Hashable, Codable {
    /// Indices of the atoms in the cell; the same where an atom meets its own image.
    public let first: Int
    public let second: Int
    /// Å, periodic images included.
    public let distance: Double
    /// The distance as a share of the pair's yardstick (`ContactLimits`).
    public let share: Double
}

/// How near the atoms of a crystal come to each other, each pair at whatever distance and in whatever image.
///
/// Pairs of partly occupied sites that exclude each other and stand closer than the limit are left out; where such
/// sites crowd one place with more than one atom, the nearest two of them are a contact.
public struct Contacts: Sendable {
    /// The share of the sum of covalent radii (`ContactLimits`) from which on a structure is sane.
    public static var sane: Double { ContactLimits.standard.leastShare }

    /// The pair at the least distance; nil where every pair excludes each other.
    public let closest: Contact?
    /// The pair that is nearest for its radii: it decides.
    public let tightest: Contact?
    /// Atoms that share one place though their occupancies add up to more than one atom; nil where there are none.
    public let crowd: Crowd?

    /// Partly occupied sites too close to each other of which any two would exclude each other, but which hold more
    /// than one atom together.
    public struct Crowd: Sendable, Hashable, Codable {
        /// Indices of the atoms in the cell, ascending.
        public let atoms: [Int]
        /// Of all of them together: above 1.
        public let occupancy: Double
    }

    /// Å; infinite where there is no pair.
    public var shortestDistance: Double { closest?.distance ?? .infinity }
    /// The least share of the sum of the two covalent radii over all pairs; infinite where there is none.
    public var shortestShare: Double { tightest?.share ?? .infinity }

    public init(_ structure: CrystalStructure, limits: ContactLimits = .standard) {
        self.init(
            structure.lattice, atoms: structure.sites.map { Atom($0.occupants, at: $0.position) },
            limits: limits)
    }

    /// What a contact depends on.
    package struct Atom: Sendable {
        package var position: SIMD3<Double>
        package var radius: Double?
        package var occupancy: Double

        package init(_ occupants: [Occupant], at position: SIMD3<Double>) {
            self.position = position
            radius = ContactLimits.radius(of: occupants)
            occupancy = occupants.reduce(0) { $0 + $1.occupancy }
        }
    }

    /// - Parameters:
    ///   - origins: atoms whose contacts stand for those of all others, by symmetry; nil for all.
    ///   - ownImages: whether an atom meets its images in other cells.
    package init(
        _ lattice: Lattice, atoms: [Atom], origins: [Int]? = nil, ownImages: Bool = true,
        limits: ContactLimits = .standard
    ) {
        var search = ContactSearch(lattice, atoms, limits, ownImages: ownImages)
        search.run(from: origins ?? Array(atoms.indices))
        (closest, tightest, crowd) = (search.closest, search.tightest, search.crowd)
    }
}

extension Contact {
    /// `Na1 (atom 1) and Cl1 (atom 5) stand at 1.026 Å, 38 % of the sum of their covalent radii`, atoms from 1.
    public func sentence(in structure: CrystalStructure) -> String {
        func name(_ atom: Int) -> String { "\(structure.sites[atom].name) (atom \(atom + 1))" }
        let pair =
            first == second
            ? "\(name(first)) and its own image stand" : "\(name(first)) and \(name(second)) stand"
        let length = Self.decimal(distance, 3)
        guard radiiAreKnown(structure) else { return "\(pair) at \(length) Å" }
        return "\(pair) at \(length) Å, \(Self.decimal(100 * share, 0)) % of \(yardstick(structure))"
    }

    private func radius(_ atom: Int, _ structure: CrystalStructure) -> Double? {
        ContactLimits.radius(of: structure.sites[atom].occupants)
    }

    private func radiiAreKnown(_ structure: CrystalStructure) -> Bool {
        radius(first, structure) != nil && radius(second, structure) != nil
    }

    private func yardstick(_ structure: CrystalStructure) -> String {
        let sum = (radius(first, structure) ?? 0) + (radius(second, structure) ?? 0)
        return sum < ContactLimits.leastSum
            ? "\(Self.decimal(ContactLimits.leastSum, 0)) Å" : "the sum of their covalent radii"
    }

    private static func decimal(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
