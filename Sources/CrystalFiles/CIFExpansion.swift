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
    /// One for each line of the file, as it writes it where the reader left it as it is.
    private(set) var stated: [SymmetricCIF.AtomSite] = []
    private(set) var warnings: [ReadingWarning] = []
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
    private static let overlap = SymmetryExpansion.shortestBond
    /// What occupancies of one place may add up to, for their rounding.
    private static let fullPlace = SymmetryExpansion.fullPlace

    /// - Throws: where different atoms stand at one place, with occupancies that add up to more than one.
    init(
        _ sites: [CIFSite], block: CIFBlock, lattice: Lattice,
        operations: [SymmetryOperation]
    ) throws(CrystalFileError) {
        let expansion = SymmetryExpansion(lattice: lattice, operations: operations)
        places = OccupiedPlaces(lattice: lattice)
        (structure, siteOfAtom) = (CrystalStructure(title: block.name, lattice: lattice, sites: []), [])
        for row in sites {
            let site = row.site
            let orbit = expansion.orbit(of: site)
            if let change = orbit.tensorChange {
                warnings.append(.tensorAveraged(label: site.label, change: change))
            }
            if orbit.move > SymmetryExpansion.reportedMove {
                warnings.append(.movedToSpecialPosition(label: site.label, distance: orbit.move))
            }
            if let multiplicity = row.multiplicity {
                compare(multiplicity, with: orbit.sites.count, of: site, order: operations.count)
            }
            guard members.count + orbit.sites.count <= Limits.atoms else {
                throw .tooManyAtoms(members.count + orbit.sites.count, file: block.file)
            }
            separate.append(orbit.sites[0])
            stated.append(Self.stated(row, orbit))
            try add(orbit.sites, as: site, block: block)
        }
        structure.sites = orbits.flatMap { $0 }
        siteOfAtom = orbits.enumerated().flatMap { index, orbit in orbit.map { _ in index } }
    }

    private static func stated(
        _ row: CIFSite, _ orbit: SymmetryExpansion.Orbit
    ) -> SymmetricCIF.AtomSite {
        let position = orbit.sites[0].position
        let isMoved = orbit.move > SymmetryExpansion.reportedMove
        return SymmetricCIF.AtomSite(
            label: row.site.label, occupants: row.site.occupants,
            position: isMoved ? (0..<3).map { MeasuredValue(position[$0]) } : row.position,
            multiplicity: orbit.sites.count, occupancyUncertainty: row.occupancyUncertainty,
            displacement: orbit.sites[0].displacement,
            displacementUncertainties: orbit.tensorChange == nil ? row.displacementUncertainties : [])
    }

    private mutating func compare(_ stated: Int, with images: Int, of site: Site, order: Int) {
        if stated == images {
            if multiplicities == .silent { multiplicities = .confirmed }
            return
        }
        // Some programs write the order of the site symmetry there instead.
        guard stated.multipliedReportingOverflow(by: images).partialValue != order else { return }
        multiplicities = .contradicted
        warnings.append(.multiplicity(label: site.label, images: images, stated: stated))
    }

    /// The images of a site: a new orbit, or further occupants of the one that has atoms at these places.
    private mutating func add(_ images: [Site], as site: Site, block: CIFBlock) throws(CrystalFileError) {
        let occupancy = Self.occupancy(of: site)
        if let shared = places.near(images[0].position, within: Self.coincidence).first {
            let (orbit, atom) = members[shared.index]
            let other = orbits[orbit][atom]
            let total = Self.occupancy(of: other) + occupancy
            guard total <= Self.fullPlace else {
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
            if !hasOverlap { note(image, occupancy: occupancy) }
            places.insert(image.position, index: members.count)
            members.append((orbits.count, atom))
        }
        orbits.append(images)
        asymmetric.append(site)
    }

    /// Says so where an atom stands in another one, of an earlier orbit or of its own.
    private mutating func note(_ image: Site, occupancy: Double) {
        for near in places.near(image.position, within: Self.overlap) {
            let (orbit, atom) = members[near.index]
            let other = orbits.indices.contains(orbit) ? orbits[orbit][atom] : image
            guard Self.occupancy(of: other) + occupancy > Self.fullPlace else { continue }
            hasOverlap = true
            let distance = structure.lattice.length((near.position - image.position).nearestImage)
            warnings.append(.overlap(other.name, image.name, distance: distance))
            return
        }
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
