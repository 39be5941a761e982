import CGemmi
import Crystallography
import Foundation
import ReferenceData

/// What one species contributes to a structure factor: f0(q) + f′ + i f″.
package struct Scatterer: Sendable, Hashable {
    package var formFactor: FormFactor
    /// f′ in electrons; 0 for neutrons.
    package var dispersionReal: Double
    /// f″ in electrons; for neutrons minus the imaginary part of b in fm.
    package var dispersionImaginary: Double

    package init(formFactor: FormFactor, dispersionReal: Double = 0, dispersionImaginary: Double = 0) {
        self.formFactor = formFactor
        self.dispersionReal = dispersionReal
        self.dispersionImaginary = dispersionImaginary
    }

    /// The scatterer of a species for a radiation.
    ///
    /// - Parameters:
    ///   - dispersion: f′ and f″ of X-rays after Cromer & Liberman, J. Chem. Phys. 53 (1970) 1891 and Acta Cryst.
    ///     A37 (1981) 267, at the radiation's first line; zero for hydrogen, helium and beyond uranium.
    package init(
        _ species: Species, radiation: Radiation, table: ScatteringTable = .wk95, dispersion: Bool = true
    ) throws(DiffractionError) {
        switch radiation.probe {
        case .neutron:
            guard let length = NeutronScatteringLength(species) else {
                throw .noScatteringFactor(
                    species: species.description, table: "of neutron scattering lengths")
            }
            self.init(
                formFactor: FormFactor(constant: length.real), dispersionImaginary: -length.imaginary)
        case .xray:
            let factor = try FormFactor(species, table: table)
            guard dispersion, let line = radiation.lines.first else {
                self.init(formFactor: factor)
                return
            }
            let correction = DispersionCorrection(species.element, wavelength: line.wavelength)
            self.init(
                formFactor: factor, dispersionReal: correction.real, dispersionImaginary: correction.imaginary
            )
        }
    }
}

/// f′ and f″ of an element in electrons, after Cromer & Liberman (1970, 1981) as gemmi computes them.
package struct DispersionCorrection: Sendable, Hashable {
    package let real: Double
    package let imaginary: Double

    /// - Parameter wavelength: Å. Both are zero for elements outside 3–92.
    package init(_ element: Element, wavelength: Double) {
        var (real, imaginary) = (0.0, 0.0)
        let energy = PhotonEnergy.electronVoltÅngström / wavelength
        _ = wyckoff_cromer_liberman(Int32(element.atomicNumber), energy, &real, &imaginary)
        self.real = real
        self.imaginary = imaginary
    }
}

enum PhotonEnergy {
    /// h c in eV Å (CODATA 2018, exact by definition of the SI).
    static let electronVoltÅngström = 12398.419843320026
}

/// The bound coherent scattering length of a species for neutrons, in fm.
package struct NeutronScatteringLength: Sendable, Hashable {
    package let real: Double
    /// Negative where the nucleus absorbs; at 1.798 Å.
    package let imaginary: Double

    /// - Returns: nil where no length is tabulated: a nuclide's is never that of the natural mixture.
    package init?(_ species: Species) {
        let table = Self.table
        guard let found = table[Key(element: species.element, massNumber: species.massNumber ?? 0)] else {
            return nil
        }
        self = found
    }

    private init(real: Double, imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }

    private struct Key: Hashable {
        let element: Element
        let massNumber: Int
    }

    private static let table: [Key: NeutronScatteringLength] = {
        var table: [Key: NeutronScatteringLength] = [:]
        for cell in ReferenceTable.rows(wyckoff_table_neutron_lengths()) where cell.count == 4 {
            guard let element = Element(symbol: cell[0]), let mass = Int(cell[1]), let real = Double(cell[2])
            else { continue }
            table[Key(element: element, massNumber: mass)] = NeutronScatteringLength(
                real: real, imaginary: Double(cell[3]) ?? 0)
        }
        return table
    }()
}
