import Crystallography
import NumericalMethods
import Symmetry

/// The asymmetric sites of a data block under a group's operations.
struct CIFExpansion {
    private(set) var structure: CrystalStructure
    /// For each atom of the structure the index into `asymmetric`.
    private(set) var siteOfAtom: [Int]
    /// Atoms that share a position are one site.
    private(set) var asymmetric: [Site] = []
    /// One for each line of the file, on its special position.
    private(set) var separate: [Site] = []
    private(set) var warnings: [String] = []
    /// Whether the numbers of images are those that the file states for its sites.
    private(set) var multiplicities = CIFAgreement.silent
    /// Two atoms stand nearer than any two can, though not at one place.
    private(set) var hasOverlap = false

    private var orbits: [[Site]] = []
    private var places: OccupiedPlaces
    /// The orbit of each point in `places`, and its place in the orbit.
    private var members: [(orbit: Int, atom: Int)] = []

    /// Å; atoms nearer than this are at one place.
    private static let coincidence = 0.02
    /// Å; no two atoms come so near, H–H with its 0.74 among them.
    private static let overlap = OccupiedPlaces.reach
    /// What occupancies of one place may add up to, for their rounding.
    private static let fullPlace = 1.05

    /// - Throws: where different atoms stand at one place, with occupancies that add up to more than one.
    init(
        _ sites: [(site: Site, multiplicity: Int?)], block: CIFBlock, lattice: Lattice,
        operations: [SymmetryOperation]
    ) throws(CrystalFileError) {
        let expansion = SymmetryExpansion(lattice: lattice, operations: operations)
        places = OccupiedPlaces(lattice: lattice)
        (structure, siteOfAtom) = (CrystalStructure(title: block.name, lattice: lattice, sites: []), [])
        for (site, multiplicity) in sites {
            let orbit = expansion.orbit(of: site)
            if orbit.move > SymmetryExpansion.reportedMove {
                let distance = (orbit.move * 1000).rounded() / 1000
                warnings.append("\(site.label) lies \(distance) Å beside a special position and is put on it")
            }
            if let multiplicity {
                compare(multiplicity, with: orbit.sites.count, of: site, order: operations.count)
            }
            separate.append(orbit.sites[0])
            try add(orbit.sites, as: site, block: block)
        }
        structure.sites = orbits.flatMap { $0 }
        siteOfAtom = orbits.enumerated().flatMap { index, orbit in orbit.map { _ in index } }
    }

    private mutating func compare(_ stated: Int, with images: Int, of site: Site, order: Int) {
        if stated == images {
            if multiplicities == .silent { multiplicities = .confirmed }
            return
        }
        // Some programs write the order of the site symmetry there instead.
        guard stated.multipliedReportingOverflow(by: images).partialValue != order else { return }
        multiplicities = .contradicted
        warnings.append("\(site.label) has \(images) images in the cell, the file says \(stated)")
    }

    /// The images of a site: a new orbit, or further occupants of the one that has atoms at these places.
    private mutating func add(_ images: [Site], as site: Site, block: CIFBlock) throws(CrystalFileError) {
        let occupancy = Self.occupancy(of: site)
        if let shared = places.near(images[0].position, within: Self.coincidence).first {
            let (orbit, atom) = members[shared.index]
            let other = orbits[orbit][atom]
            let total = Self.occupancy(of: other) + occupancy
            guard total < Self.fullPlace else {
                throw block.error(
                    "\(other.label) and \(site.label) stand at the same place with occupancies adding up to "
                        + "\((total * 1000).rounded() / 1000)",
                    at: block.column("_atom_site_fract_x"),
                    remedy: "remove one or correct the occupancies or the symmetry")
            }
            for k in orbits[orbit].indices { orbits[orbit][k].occupants += site.occupants }
            asymmetric[orbit].occupants += site.occupants
            return
        }
        for (atom, image) in images.enumerated() {
            if !hasOverlap {
                hasOverlap = places.near(image.position, within: Self.overlap).contains {
                    let (orbit, atom) = members[$0.index]
                    return Self.occupancy(of: orbits.indices.contains(orbit) ? orbits[orbit][atom] : site)
                        + occupancy > Self.fullPlace
                }
            }
            places.insert(image.position, index: members.count)
            members.append((orbits.count, atom))
        }
        orbits.append(images)
        asymmetric.append(site)
    }

    private static func occupancy(of site: Site) -> Double {
        site.occupants.reduce(0) { $0 + $1.occupancy }
    }
}

extension CIFExpansion {
    /// The same atoms at the same places.
    func isSameCrystal(as other: CIFExpansion) -> Bool {
        guard structure.sites.count == other.structure.sites.count else { return false }
        return other.structure.sites.allSatisfy { site in
            places.near(site.position, within: Self.coincidence).contains {
                let (orbit, atom) = members[$0.index]
                return orbits[orbit][atom].occupants == site.occupants
            }
        }
    }
}

/// Whether what a file says beside symmetry and sites agrees with what these make.
enum CIFAgreement: Sendable {
    case confirmed, silent, contradicted

    func and(_ other: CIFAgreement) -> CIFAgreement {
        if self == .contradicted || other == .contradicted { return .contradicted }
        return self == .confirmed || other == .confirmed ? .confirmed : .silent
    }
}
