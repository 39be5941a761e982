import Publishing

/// What the pointer over a fit reads, and the stretch around it, magnified.
extension FitPlot {
    package var reading: PointerReading {
        PointerReading(
            kind: "fit", prompt: "Move the pointer over the plot to read values and to magnify.",
            hasLine: true,
            lens: "<canvas class=\"lens\" width=\"1200\" height=\"320\" hidden></canvas>\n", data: hoverData,
            script: Self.script)
    }

    private var hoverData: String {
        func numbers(_ values: [Double], _ digits: Int) -> String {
            JSONDialect.array(values) { FitPlot.short($0, digits) }
        }
        let largest = observed.reduce(0) { max($0, abs($1)) }
        let digits = largest > 1000 ? 1 : largest > 1 ? 3 : 6
        let list = phases.enumerated().map { k, phase in
            let labels = phase.labels.map(JSONDialect.quoted).joined(separator: ",")
            let at = numbers(phase.positions, 4)
            return
                "{\"name\":\(JSONDialect.quoted(phase.name)),\"color\":\"\(Self.color(k))\",\"at\":\(at),\"hkl\":[\(labels)]}"
        }
        let extent = Self.horizontalExtent
        return """
            {"left":\(extent.lowerBound),"right":\(extent.upperBound),"x":\(numbers(twoTheta, 5)),\
            "o":\(numbers(observed, digits)),"c":\(numbers(calculated, digits)),\
            "phases":[\(list.joined(separator: ","))]}
            """
    }

    /// Reads the nearest point under the pointer and draws 4 % of the range around it on the canvas.
    private static let script = """
        document.querySelectorAll('figure.fit').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),x=d.x,n=x.length;if(n<2)return;
        var plot=f.querySelector('.plot'),line=f.querySelector('.line'),out=f.querySelector('.readout'),cv=f.querySelector('canvas'),g=cv.getContext('2d');
        function find(t){var a=0,b=n-1;while(b-a>1){var m=(a+b)>>1;if(x[m]<t)a=m;else b=m}return t-x[a]<x[b]-t?a:b}
        function fmt(v){return v===null?'–':v===0?'0':Math.abs(v)>=1000?v.toFixed(0):v.toPrecision(4)}
        function lens(t){var half=(x[n-1]-x[0])*.02,lo=Math.max(x[0],t-half),hi=Math.min(x[n-1],t+half),i0=find(lo),i1=find(hi),W=cv.width,H=cv.height,L=90,R=W-20,T=14,B=H-72,top=1e-9,i;
        for(i=i0;i<=i1;i++)top=Math.max(top,d.o[i],d.c[i]);
        function X(v){return L+(v-lo)/(hi-lo)*(R-L)}function Y(v){return B-v/(top*1.05)*(B-T)}
        g.clearRect(0,0,W,H);g.fillStyle='#fff';g.fillRect(0,0,W,H);g.font='15px system-ui,DejaVu Sans,sans-serif';g.strokeStyle='#606060';g.lineWidth=1;
        g.beginPath();g.moveTo(L,T);g.lineTo(L,B);g.lineTo(R,B);g.stroke();g.fillStyle='#404040';g.textAlign='right';g.textBaseline='middle';
        [0,.5,1].forEach(function(s){g.fillText(fmt(top*s),L-8,Y(top*s))});g.textAlign='center';g.textBaseline='top';
        for(i=0;i<=4;i++){var v=lo+(hi-lo)*i/4;g.textAlign=i==0?'left':i==4?'right':'center';g.fillText(v.toFixed(2)+'°',X(v),H-20)}g.textAlign='center';
        d.phases.forEach(function(p,k){g.strokeStyle=g.fillStyle=p.color;var last=-99;p.at.forEach(function(a,j){if(a<lo||a>hi)return;var px=X(a);g.beginPath();g.moveTo(px,B+6+k*7);g.lineTo(px,B+14+k*7);g.stroke();
        if(p.hkl[j]&&px-last>58&&k==0){g.fillText(p.hkl[j],px,B+17+(d.phases.length-1)*7);last=px}})});
        g.strokeStyle='#D55E00';g.lineWidth=2;g.beginPath();for(i=i0;i<=i1;i++){if(d.c[i]===null)continue;g.lineTo(X(x[i]),Y(d.c[i]))}g.stroke();
        g.fillStyle='#404040';for(i=i0;i<=i1;i++){if(d.o[i]===null)continue;g.beginPath();g.arc(X(x[i]),Y(d.o[i]),2.6,0,7);g.fill()}
        g.strokeStyle='#0072B288';g.lineWidth=1;g.beginPath();g.moveTo(X(t),T);g.lineTo(X(t),B);g.stroke();cv.hidden=false}
        plot.addEventListener('pointermove',function(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left);if(s<0||s>1){return}
        var i=find(x[0]+s*(x[n-1]-x[0])),t=x[i];line.style.display='block';line.style.left=100*(d.left+(t-x[0])/(x[n-1]-x[0])*(d.right-d.left))+'%';
        var near='';d.phases.forEach(function(p){var best=-1,gap=(x[n-1]-x[0])*.004;p.at.forEach(function(a,j){if(Math.abs(a-t)<gap){gap=Math.abs(a-t);best=j}});if(best>=0&&p.hkl[best])near+=' · '+p.name+' '+p.hkl[best]});
        out.textContent='';[['2θ ',t.toFixed(3)+'°'],['  observed ',fmt(d.o[i])],['  calculated ',fmt(d.c[i])],['  difference ',d.o[i]===null||d.c[i]===null?'–':fmt(d.o[i]-d.c[i])]].forEach(function(q){out.append(q[0]);var b=document.createElement('b');b.textContent=q[1];out.append(b)});out.append(near);lens(t)})});
        """
}
