import Crystallography
import NumericalMethods
import Testing

/// Reaches `ContactSearch`, `PointBins`, `ContactCrowd`, `ContactAtom`.
@Suite("Contacts") struct ContactsTests {
    private func element(_ symbol: String) throws -> Element { try #require(Element(symbol: symbol)) }

    private func cubic(_ a: Double, _ sites: [Site]) -> CrystalStructure {
        CrystalStructure(lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90), sites: sites)
    }

    private func part(_ symbol: String, _ occupancy: Double, _ position: SIMD3<Double>) throws -> Site {
        Site(
            label: symbol, occupants: [Occupant(Species(try element(symbol)), occupancy: occupancy)],
            position: position)
    }

    /// All pairs in all images that can matter, by brute force on the cell as it is.
    private func bruteForce(_ structure: CrystalStructure, reach: Int) -> (distance: Double, share: Double) {
        var (distance, share) = (Double.infinity, Double.infinity)
        let radii = structure.sites.map { ContactLimits.radius(of: $0.occupants) }
        for (i, a) in structure.sites.enumerated() {
            for (j, b) in structure.sites.enumerated() where j >= i {
                for u in -reach...reach {
                    for v in -reach...reach {
                        for w in -reach...reach where i != j || u != 0 || v != 0 || w != 0 {
                            let shift = SIMD3(Double(u), Double(v), Double(w))
                            let length = structure.lattice.length(b.position + shift - a.position)
                            distance = min(distance, length)
                            share = min(share, length / ContactLimits.sum(radii[i], radii[j]))
                        }
                    }
                }
            }
        }
        return (distance, share)
    }

    @Test("Random sheared cells: distance and share of the closest pair are those of brute force")
    func bruteForceOfShearedCells() throws {
        var random = RandomStream(seed: 11)
        let symbols = ["H", "O", "Si", "Cs", "Pb", "Bk"]
        for round in 0..<60 {
            let rows = (0..<3).map { _ in 5 * SIMD3(random.normal(), random.normal(), random.normal()) }
            let plain = Lattice(vectors: Matrix3(rows: rows[0], rows[1], rows[2]))
            let lengths = plain.lengths
            guard plain.volume > 0.1 * lengths.x * lengths.y * lengths.z else { continue }
            let sites = try (0..<(1 + round % 9)).map { _ in
                Site(
                    try element(symbols[random.index(below: symbols.count)]),
                    at: 4 * SIMD3(random.uniform(), random.uniform(), random.uniform()) - 2)
            }
            let structure = CrystalStructure(lattice: plain, sites: sites)
            let right = bruteForce(structure, reach: 7)
            // The same crystal on a basis far from reduced.
            let shear = IntegerMatrix3(rows: SIMD3(1, 7, -12), SIMD3(0, 1, 15), SIMD3(0, 0, 1))
            let change = Matrix3(shear.inverse ?? .identity).transpose
            let sheared = CrystalStructure(
                lattice: Lattice(vectors: Matrix3(shear) * plain.vectors),
                sites: sites.map {
                    var site = $0
                    site.position = change * $0.position
                    return site
                })
            for crystal in [structure, sheared] {
                let contacts = Contacts(crystal)
                #expect(abs(contacts.shortestDistance - right.distance) < 1e-9)
                #expect(abs(contacts.shortestShare - right.share) < 1e-9)
            }
        }
    }

    @Test("Large cells: bins leave out no pair")
    func largeCells() throws {
        var random = RandomStream(seed: 5)
        for _ in 0..<4 {
            let lattice = Lattice(a: 30, b: 17, c: 22, alpha: 71, beta: 104, gamma: 97)
            let oxygen = try element("O")
            let sites = (0..<400).map { _ in
                Site(oxygen, at: SIMD3(random.uniform(), random.uniform(), random.uniform()))
            }
            let structure = CrystalStructure(lattice: lattice, sites: sites)
            let right = bruteForce(structure, reach: 1)
            #expect(abs(Contacts(structure).shortestDistance - right.distance) < 1e-9)
        }
    }

    @Test("a 4, b 20.4 Å, γ 11.3°: 2.83 Å, though 27 shifts of the cell as it is see 4 Å")
    func unreducedCell() throws {
        let lattice = Lattice(a: 4, b: 20.4, c: 9, alpha: 90, beta: 90, gamma: 11.3)
        let iron = try element("Fe")
        let structure = CrystalStructure(
            lattice: lattice, sites: [Site(iron, at: .zero), Site(iron, at: SIMD3(0, 0.5, 0))])
        #expect(abs(Contacts(structure).shortestDistance - 2.83) < 0.01)
    }

    @Test("Atoms of two sites that coincide are a contact of 0 Å")
    func coinciding() throws {
        let structure = cubic(
            5, [Site(try element("Na"), at: .zero), Site(try element("Cl"), at: SIMD3(1, 0, -1))])
        let contacts = Contacts(structure)
        #expect(contacts.shortestDistance == 0)
        #expect(contacts.shortestShare == 0)
        #expect(contacts.tightest?.first == 0)
        #expect(contacts.tightest?.second == 1)
    }

    @Test("An atom meets its own image, and the pair is named")
    func ownImage() throws {
        let structure = cubic(1.5, [Site(try element("Cu"), at: .zero, label: "Cu1")])
        let contact = try #require(Contacts(structure).tightest)
        #expect(contact.first == 0 && contact.second == 0)
        #expect(abs(contact.distance - 1.5) < 1e-12)
        #expect(
            contact.sentence(in: structure)
                == "Cu1 (atom 1) and its own image stand at 1.500 Å, 57 % of the sum of their covalent radii")
    }

    @Test("Partly occupied sites that exclude each other may stand at any distance")
    func exclusiveSites() throws {
        // BaO6 with O split over six places 0.36 Å from the corner, one of them taken.
        let shift = 0.06
        let split = try [
            SIMD3(shift, 0, 0), SIMD3(-shift, 0, 0), SIMD3(0, shift, 0), SIMD3(0, -shift, 0),
            SIMD3(0, 0, shift), SIMD3(0, 0, -shift),
        ].map { try part("O", 0.1667, $0) }
        let structure = cubic(6, [Site(try element("Ba"), at: SIMD3(0.5, 0.5, 0.5))] + split)
        let contacts = Contacts(structure)
        #expect(contacts.shortestShare > 1)
        #expect(contacts.shortestDistance > 4)
        // Half occupied, three of them would be one atom and a half on one place.
        var crowded = structure
        for index in 1...6 { crowded.sites[index].occupants[0].occupancy = 0.5 }
        let crowd = Contacts(crowded)
        #expect(crowd.shortestShare < ContactLimits.standard.leastShare)
        #expect((crowd.crowd?.occupancy ?? 0) > 1.4)
    }

    @Test("Two sites of 0.9 that stand too close are a contact, two of 0.5 are not, at one place too")
    func overfullPairs() throws {
        for (occupancy, sane) in [(0.9, false), (0.6, false), (0.5, true), (0.3, true)] {
            for x in [0, 0.01, 0.1] {
                let structure = cubic(
                    5, [try part("Na", occupancy, .zero), try part("K", occupancy, SIMD3(x, 0, 0))])
                #expect((Contacts(structure).shortestShare >= Contacts.sane) == sane)
            }
        }
    }

    @Test("H–H at 0.45 Å is no molecule, at 0.74 Å it is; O–H at 0.55 Å is not, at 0.85 Å it is")
    func hydrogen() throws {
        for (other, distance, sane) in [
            ("H", 0.45, false), ("H", 0.58, false), ("H", 0.741, true), ("O", 0.55, false), ("O", 0.85, true),
        ] {
            let structure = cubic(
                8,
                [Site(try element("H"), at: .zero), Site(try element(other), at: SIMD3(distance / 8, 0, 0))])
            #expect((Contacts(structure).shortestShare >= Contacts.sane) == sane)
        }
    }

    @Test("The shortest known bonds of molecules and crystals are sane, less than half of them are not")
    func shortestBonds() throws {
        // Å: N₂, CO, F₂ and the gases' other bonds, Cr–Cr of PhCrCrPh, uranyl, diamond.
        for (a, b, length) in [
            ("N", "N", 1.098), ("C", "O", 1.128), ("F", "F", 1.412), ("Cr", "Cr", 1.835), ("U", "O", 1.76),
            ("C", "C", 1.203), ("Os", "O", 1.71), ("C", "H", 0.93), ("F", "H", 0.917), ("S", "O", 1.43),
        ] {
            func share(_ scale: Double) throws -> Double {
                Contacts(
                    cubic(
                        12,
                        [
                            Site(try element(a), at: .zero),
                            Site(try element(b), at: SIMD3(scale * length / 12, 0, 0)),
                        ])
                ).shortestShare
            }
            #expect(try share(1) >= Contacts.sane)
            #expect(try share(0.45) < Contacts.sane)
        }
    }

    @Test("An element without a radius is judged as a point of its own, never by an invented radius")
    func unknownRadius() throws {
        let berkelium = try element("Bk")
        #expect(berkelium.covalentRadius == nil)
        func crystal(_ x: Double) -> CrystalStructure {
            cubic(10, [Site(berkelium, at: .zero), Site(berkelium, at: SIMD3(x, 0, 0))])
        }
        #expect(Contacts(crystal(0.05)).shortestShare < Contacts.sane)
        #expect(Contacts(crystal(0.2)).shortestShare >= Contacts.sane)
        let contact = try #require(Contacts(crystal(0.2)).tightest)
        #expect(
            contact.sentence(in: crystal(0.2)) == "Bk (atom 1) and Bk (atom 2) stand at 2.000 Å")
    }

    @Test("Contacts are found at any distance: caesium metal, a lone atom in 60 Å")
    func anyDistance() throws {
        let caesium = cubic(6.05, [Site(try element("Cs"), at: .zero)])
        #expect(abs(Contacts(caesium).shortestDistance - 6.05) < 1e-12)
        let box = cubic(
            60, [Site(try element("Na"), at: .zero), Site(try element("Cl"), at: SIMD3(0.5, 0.5, 0.5))])
        #expect(abs(Contacts(box).shortestDistance - 30 * 3.0.squareRoot()) < 1e-9)
        // For their radii two sodium atoms are nearer: an atom and its image.
        #expect(abs(Contacts(box).shortestShare - 60 / (2 * 1.66)) < 1e-9)
    }

    @Test("A position that is no number, or a flat cell, has collapsed")
    func collapsed() throws {
        let copper = try element("Cu")
        let lost = cubic(4, [Site(copper, at: SIMD3(.nan, 0, 0))])
        #expect(Contacts(lost).shortestShare == 0)
        let flat = Lattice(vectors: Matrix3(rows: SIMD3(4, 0, 0), SIMD3(4, 0, 0), SIMD3(0, 0, 4)))
        #expect(
            Contacts(CrystalStructure(lattice: flat, sites: [Site(copper, at: .zero)])).shortestShare == 0)
        #expect(Contacts(cubic(4, [])).closest == nil)
    }

    @Test("30,000 atoms take a fraction of a second")
    func fast() throws {
        var random = RandomStream(seed: 3)
        let oxygen = try element("O")
        let sites = (0..<30_000).map { _ in
            Site(oxygen, at: SIMD3(random.uniform(), random.uniform(), random.uniform()))
        }
        let start = ContinuousClock.now
        #expect(Contacts(cubic(70, sites)).shortestDistance < 0.5)
        // Generous for a loaded machine: pair by pair it would be minutes.
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
