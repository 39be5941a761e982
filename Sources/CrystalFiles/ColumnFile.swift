import Crystallography
import Foundation

/// Two or three columns: 2θ in degrees, intensity, standard uncertainty. Blanks, tabs, commas or semicolons between
/// them; comment and title lines anywhere before the numbers. A first column that a heading calls Q, d or radians is
/// converted where the heading states the wavelength.
enum ColumnFile {
    static func parse(_ lines: [Substring], file: String) throws(CrystalFileError) -> PowderPattern {
        var table = try ColumnTable(lines, file: file)
        let heading = ColumnHeading(table.heading, width: table.width)
        var remarks: [String] = []
        var wavelength = heading.wavelength
        if let first = try table.takeLeadingNumber(file: file) {
            wavelength = first
            remarks.append("\(first), alone before the columns, is taken as the wavelength in Å (DASH)")
        }
        try table.checkIndexColumn(file: file)
        try heading.checkIntensities(width: table.width, line: table.rows[0].line, file: file)
        let angles = try heading.twoTheta(
            table.column(0), wavelength: wavelength, line: table.rows[0].line, file: file)
        remarks += angles.remarks
        var (twoTheta, order) = (angles.degrees, Array(table.rows.indices))
        if twoTheta.count > 1, zip(twoTheta.dropFirst(), twoTheta).allSatisfy({ $0 < $1 }) {
            order.reverse()
            twoTheta.reverse()
            if angles.remarks.isEmpty {
                remarks.append("the angles descend: the points are taken in reverse")
            }
        }
        for i in twoTheta.indices.dropFirst() where twoTheta[i] <= twoTheta[i - 1] {
            throw CrystalFileError(
                file: file, line: table.rows[order[i]].line, field: "2θ",
                problem: "angles do not ascend: \(twoTheta[i]) follows \(twoTheta[i - 1])",
                remedy: "sort the points by angle, one value an angle")
        }
        try table.checkFirstPoint(twoTheta, file: file)
        let intensity = order.map { table.rows[$0].values[1] }
        var uncertainties = StatedUncertainties()
        if let column = heading.sigmaColumn(count: table.width) {
            uncertainties = StatedUncertainties(
                deviations: order.map { table.rows[$0].values[column] }, intensity: intensity)
        } else if table.width > 3 {
            remarks.append(
                "\(table.width) columns without a name for σ: the first two are taken, 2θ and intensity")
        }
        var pattern = PowderPattern(
            title: table.title, twoTheta: twoTheta, intensity: intensity, sigma: uncertainties.sigma,
            uncertaintySource: uncertainties.source, remarks: remarks + uncertainties.remarks)
        if let wavelength, !heading.isUsualTube(wavelength) {
            pattern.radiation = Radiation(heading.isNeutron ? .neutron : .xray, wavelength: wavelength)
        }
        pattern.probe = heading.isNeutron ? .neutron : nil
        return pattern
    }
}
