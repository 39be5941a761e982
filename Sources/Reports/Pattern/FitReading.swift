import Publishing

/// What the pointer over a fit reads, and the stretch around it, magnified.
extension FitPlot {
    package var reading: PointerReading {
        let differences =
            sigma == nil
            ? "" : "<button type=\"button\" data-do=\"sigma\" aria-pressed=\"false\">(obs − calc)/σ</button>"
        return PointerReading(
            kind: "fit",
            prompt:
                "Point at a plot to read values; drag the lower one to move it, use its buttons to magnify.",
            hasLine: true,
            lens: """
                <canvas class="lens" width="1200" height="560" tabindex="0" role="img" aria-label="The fit, to be magnified: arrow keys move it, plus and minus magnify, 0 shows all."></canvas>
                <div class="tools"><button type="button" data-do="in" aria-label="Magnify">+</button><button type="button" data-do="out" aria-label="Show more">−</button><button type="button" data-do="left" aria-label="To smaller angles">←</button><button type="button" data-do="right" aria-label="To larger angles">→</button><button type="button" data-do="all">All</button><button type="button" data-scale="linear" aria-pressed="true">linear</button><button type="button" data-scale="root" aria-pressed="false">√</button><button type="button" data-scale="log" aria-pressed="false">log</button>\(differences)</div>

                """, data: hoverData, script: Self.script)
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
            "b":\(background.map { numbers($0, digits) } ?? "null"),"s":\(sigma.map { numbers($0, digits + 2) } ?? "null"),\
            "phases":[\(list.joined(separator: ","))]}
            """
    }

    /// Reads the nearest point under the pointer, and draws the part that the reader has chosen on the canvas.
    private static let script = """
        document.querySelectorAll('figure.fit').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),x=d.x,n=x.length;if(n<2)return;
        var plot=f.querySelector('.plot'),line=f.querySelector('.line'),out=f.querySelector('.readout'),cv=f.querySelector('canvas'),g=cv.getContext('2d');
        var lo=x[0],hi=x[n-1],scale='linear',bySigma=false,mark=null,T=14,rows=d.phases.length,L,W,R,H,B,D0,D1;
        /* On a phone fewer and larger pixels, so that letters can be read. */
        function size(){var small=cv.clientWidth>0&&cv.clientWidth<600;cv.width=small?620:1200;cv.height=small?500:560;L=small?78:96;W=cv.width;R=W-20;H=cv.height;B=H*.7-8*rows;D0=H*.74;D1=H-44}
        size();        function find(t){var a=0,b=n-1;while(b-a>1){var m=(a+b)>>1;if(x[m]<t)a=m;else b=m}return t-x[a]<x[b]-t?a:b}
        function fmt(v){return v===null||v===undefined?'–':v===0?'0':Math.abs(v)>=1000?v.toFixed(0):Math.abs(v)>=100?v.toFixed(1):v.toPrecision(3)}
        function ink(name){return getComputedStyle(f).getPropertyValue(name).trim()||'#404040'}
        function sc(v){return scale=='root'?Math.sqrt(Math.max(v,0)):scale=='log'?Math.log10(Math.max(v,floor)):v}
        var floor=1e-9;
        function X(v){return L+(v-lo)/(hi-lo)*(R-L)}
        function draw(){var i0=Math.max(0,find(lo)-1),i1=Math.min(n-1,find(hi)+1),top=1e-9,low=Infinity,dm=1e-9,i;
        for(i=i0;i<=i1;i++){top=Math.max(top,d.o[i],d.c[i]);if(d.o[i]>0)low=Math.min(low,d.o[i]);var e=diff(i);if(e!==null)dm=Math.max(dm,Math.abs(e))}
        floor=isFinite(low)?low:1e-3;var base=scale=='log'?sc(floor)-.1:0,peak=scale=='log'?sc(top)+.1:sc(top)*1.05;
        function Y(v){return B-(sc(v)-base)/(peak-base||1)*(B-T)}function E(v){return (D0+D1)/2-v/dm*(D1-D0)/2}
        g.clearRect(0,0,W,H);g.fillStyle=ink('--paper');g.fillRect(0,0,W,H);g.font='16px system-ui,DejaVu Sans,sans-serif';g.strokeStyle=ink('--soft');g.lineWidth=1;
        g.beginPath();g.moveTo(L,T);g.lineTo(L,B);g.lineTo(R,B);g.moveTo(L,D0);g.lineTo(L,D1);g.moveTo(L,(D0+D1)/2);g.lineTo(R,(D0+D1)/2);g.stroke();
        g.fillStyle=ink('--ink');g.textAlign='right';g.textBaseline='middle';
        (scale=='log'?[floor,Math.sqrt(floor*top),top]:[0,.25*top,top]).forEach(function(v){g.fillText(fmt(v),L-8,Y(v))});
        g.fillText(fmt(dm),L-8,D0+6);g.fillText(fmt(-dm),L-8,D1-6);g.textBaseline='top';
        for(i=0;i<=5;i++){var v=lo+(hi-lo)*i/5;g.textAlign=i==0?'left':i==5?'right':'center';g.fillText(v.toFixed(hi-lo<2?3:2)+'°',X(v),H-26)}
        g.textAlign='center';g.save();g.beginPath();g.rect(L,0,R-L,H);g.clip();
        d.phases.forEach(function(p,k){g.strokeStyle=p.color;g.fillStyle=ink('--ink');var last=-99;p.at.forEach(function(a,j){if(a<lo||a>hi)return;var px=X(a);g.beginPath();g.moveTo(px,B+3+k*8);g.lineTo(px,B+9+k*8);g.stroke();
        if(p.hkl[j]&&px-last>62&&k==0&&hi-lo<(x[n-1]-x[0])/4){g.fillText(p.hkl[j],px,T-12);last=px}})});
        function curve(a,color,w,dash){if(!a)return;g.strokeStyle=color;g.lineWidth=w;g.setLineDash(dash||[]);g.beginPath();var open=false;for(var i=i0;i<=i1;i++){if(a[i]===null){open=false;continue}var px=X(x[i]),py=Y(a[i]);if(open)g.lineTo(px,py);else g.moveTo(px,py);open=true}g.stroke();g.setLineDash([])}
        g.fillStyle=ink('--ink');var r=i1-i0<400?2.6:1.2;for(i=i0;i<=i1;i++){if(d.o[i]===null)continue;g.beginPath();g.arc(X(x[i]),Y(d.o[i]),r,0,7);g.fill()}
        curve(d.b,'#009E73',2,[8,5]);curve(d.c,'#D55E00',1.8);
        g.strokeStyle='#0072B2';g.lineWidth=1.2;g.beginPath();for(i=i0;i<=i1;i++){var e=diff(i);if(e!==null)g.lineTo(X(x[i]),E(e))}g.stroke();
        if(mark!==null){g.strokeStyle='#0072B288';g.beginPath();g.moveTo(X(mark),T);g.lineTo(X(mark),D1);g.stroke()}g.restore()}
        function diff(i){if(d.o[i]===null||d.c[i]===null)return null;var e=d.o[i]-d.c[i];if(!bySigma)return e;return d.s[i]>0?e/d.s[i]:null}
        function show(a,b){var w=Math.min(x[n-1]-x[0],Math.max(b-a,(x[n-1]-x[0])/Math.max(4,n/12))),m=(a+b)/2;lo=Math.max(x[0],Math.min(x[n-1]-w,m-w/2));hi=lo+w;draw()}
        function by(s,at){at=at===undefined?(lo+hi)/2:at;show(at-(at-lo)*s,at+(hi-at)*s)}
        function read(t){var i=find(t);t=x[i];mark=t;var near='';
        d.phases.forEach(function(p){var best=-1,gap=(x[n-1]-x[0])*.004;p.at.forEach(function(a,j){if(Math.abs(a-t)<gap){gap=Math.abs(a-t);best=j}});if(best>=0&&p.hkl[best])near+=' · '+p.name+' '+p.hkl[best]});
        out.textContent='';[['2θ ',t.toFixed(3)+'°'],['  observed ',fmt(d.o[i])],['  calculated ',fmt(d.c[i])],['  difference ',fmt(diff(i))]].forEach(function(q){out.append(q[0]);var b=document.createElement('b');b.textContent=q[1];out.append(b)});out.append(near);
        if(line){line.style.display='block';line.style.left=100*(d.left+(t-x[0])/(x[n-1]-x[0])*(d.right-d.left))+'%'}}
        function over(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left);if(s<0||s>1)return;var t=x[0]+s*(x[n-1]-x[0]),w=(x[n-1]-x[0])*.02;read(t);if(e.type=='pointerdown'||hi-lo<(x[n-1]-x[0])*.5)show(t-Math.max(w,(hi-lo<(x[n-1]-x[0])*.5?(hi-lo)/2:w)),t+Math.max(w,(hi-lo<(x[n-1]-x[0])*.5?(hi-lo)/2:w)));else draw()}
        plot.addEventListener('pointermove',over);plot.addEventListener('pointerdown',over);
        function at(e){var r=cv.getBoundingClientRect(),px=(e.clientX-r.left)/r.width*W;return lo+(Math.min(R,Math.max(L,px))-L)/(R-L)*(hi-lo)}
        var held={},gap=0;
        cv.addEventListener('pointerdown',function(e){held[e.pointerId]=e.clientX;gap=0;try{cv.setPointerCapture(e.pointerId)}catch(q){}read(at(e));draw()});
        cv.addEventListener('pointermove',function(e){if(held[e.pointerId]===undefined){read(at(e));draw();return}var r=cv.getBoundingClientRect(),dx=e.clientX-held[e.pointerId];held[e.pointerId]=e.clientX;var ids=Object.keys(held);
        if(ids.length>1){var q=Math.abs(held[ids[0]]-held[ids[1]]);if(gap>4&&q>4)by(gap/q);gap=q}else{var m=dx/r.width*W/(R-L)*(hi-lo);show(lo-m,hi-m)}});
        function release(e){delete held[e.pointerId];gap=0}cv.addEventListener('pointerup',release);cv.addEventListener('pointercancel',release);
        cv.addEventListener('wheel',function(e){if(!e.ctrlKey&&document.activeElement!=cv)return;e.preventDefault();by(e.deltaY<0?.8:1.25,at(e))},{passive:false});
        cv.addEventListener('dblclick',function(){show(x[0],x[n-1])});
        function act(w){var s=(hi-lo)*.4;if(w=='in')by(.5);if(w=='out')by(2);if(w=='left')show(lo-s,hi-s);if(w=='right')show(lo+s,hi+s);if(w=='all')show(x[0],x[n-1])}
        cv.addEventListener('keydown',function(e){var w={ArrowLeft:'left',ArrowRight:'right','+':'in','=':'in','-':'out','0':'all'}[e.key];if(w){e.preventDefault();act(w)}});
        f.addEventListener('click',function(e){var b=e.target.closest('button');if(!b)return;var s=b.getAttribute('data-scale'),w=b.getAttribute('data-do');
        if(s){scale=s;f.querySelectorAll('[data-scale]').forEach(function(o){o.setAttribute('aria-pressed',o==b)});draw()}else if(w=='sigma'){bySigma=!bySigma;b.setAttribute('aria-pressed',bySigma);draw()}else if(w)act(w)});
        if(window.matchMedia)matchMedia('(prefers-color-scheme:dark)').addEventListener('change',draw);
        /* A canvas whose size is set is empty. */
        addEventListener('resize',function(){size();draw()});
        draw()});
        """
}
