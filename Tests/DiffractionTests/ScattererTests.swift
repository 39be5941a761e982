import Crystallography
import Diffraction
import Testing

@Suite("Scattering") struct ScattererTests {
    @Test("form factors at zero angle count the electrons", arguments: ScatteringTable.allCases)
    func electrons(table: ScatteringTable) throws {
        for symbol in ["O", "Fe", "Fe3+", "Pb", "O2-", "U", "C", "Ti4+"] {
            let species = try #require(Species(symbol: symbol))
            let charge = table == .wk95 ? species.charge ?? 0 : 0
            let expected = Double(species.element.atomicNumber - charge)
            let value = try FormFactor(species, table: table).value(at: 0)
            #expect(abs(value - expected) < 0.1, "\(symbol) \(value)")
        }
    }

    @Test("dispersion of iron at 8047.8 eV is Cromer and Liberman's")
    func dispersion() throws {
        let iron = try #require(Element(symbol: "Fe"))
        let correction = DispersionCorrection(iron, wavelength: 12398.419843320026 / 8047.8)
        #expect(abs(correction.real - -1.1309) < 1e-4)
        #expect(abs(correction.imaginary - 3.1974) < 1e-4)
    }

    @Test("neutron lengths know isotopes")
    func neutrons() throws {
        let expected = ["H": -3.739, "D": 6.671, "O": 5.803, "Pb": 9.405, "V": -0.3824, "Ni": 10.3]
        for (symbol, length) in expected {
            let species = try #require(Species(symbol: symbol))
            let value = try #require(NeutronScatteringLength(species)).real
            #expect(abs(value - length) < 0.08, "\(symbol) \(value)")
        }
    }

    @Test("an element without an entry is refused by name")
    func missing() throws {
        let species = Species(try #require(Element(symbol: "Og")))
        for table in ScatteringTable.allCases {
            #expect(throws: DiffractionError.self) { try FormFactor(species, table: table) }
        }
    }

    @Test("wavelengths have their names")
    func wavelengths() throws {
        #expect(try Wavelength.radiation(named: "CuKa1").lines == [SpectralLine(wavelength: 1.5405929)])
        #expect(try Wavelength.radiation(named: "Cu Kα1", scale: .old).lines.first?.wavelength == 1.540562)
        let doublet = try Wavelength.radiation(named: "cu-kalpha").lines
        #expect(doublet.map(\.weight) == [1, 0.5])
        #expect(doublet.map(\.wavelength) == [1.5405929, 1.5444274])
        #expect(try Wavelength.radiation(named: "1.5406").lines.first?.wavelength == 1.5406)
        for anode in ["Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Mo", "Ag"] {
            #expect(try Wavelength.radiation(named: anode + "Ka").lines.count == 2)
        }
        for bad in ["0", "-1", "nan", "", "XxKa1", "CuKz", "Cu Ka1 and more"] {
            #expect(throws: DiffractionError.self) { try Wavelength.radiation(named: bad) }
        }
    }
}
