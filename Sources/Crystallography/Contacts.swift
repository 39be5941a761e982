import Foundation
import NumericalMethods

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

    /// Å; infinite where there is no pair.
    public var shortestDistance: Double { closest?.distance ?? .infinity }
    /// The least share of the sum of the two covalent radii over all pairs; infinite where there is none.
    public var shortestShare: Double { tightest?.share ?? .infinity }

    /// Searches the structure's contacts, over periodic images, by a grid of cells: the cost grows with the
    /// number of sites.
    public init(_ structure: CrystalStructure, limits: ContactLimits = .standard) {
        self.init(
            structure.lattice, atoms: structure.sites.map { Atom($0.occupants, at: $0.position) },
            limits: limits)
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
