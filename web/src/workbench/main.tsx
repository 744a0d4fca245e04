// The workbench: five pages in one, chosen by what follows the # of the address.
import {render} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {Explain} from './explain';
import {Feedback} from './feedback';
import {Home} from './home';
import {Rules} from './rules';
import {TryIt} from './try';

const pages = [
  {id: 'home', name: 'Home'}, {id: 'try', name: 'Try'}, {id: 'explain', name: 'Explain'},
  {id: 'rules', name: 'Rules'}, {id: 'feedback', name: 'Feedback'},
];

/** The page and its parameters: `#try?case=C-XOI-01`. */
function here(): {page: string; query: URLSearchParams} {
  const [page, query] = location.hash.slice(1).split('?');
  return {page: pages.some((one) => one.id === page) ? page : 'home', query: new URLSearchParams(query ?? '')};
}

function Workbench() {
  const [place, setPlace] = useState(here);
  // The request that Try and Explain look at; it lives as long as the tab.
  const [text, setText] = useState('');
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const moved = () => {
      setPlace((before) => {
        const now = here();
        if (before.page !== now.page) main.current?.focus({preventScroll: true});
        return now;
      });
      scrollTo(0, 0);
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const {page, query} = place;
  useEffect(() => {
    document.title = `${pages.find((one) => one.id === page)?.name ?? ''} · Countersign`;
  }, [page]);
  return (
    <>
      <header class="bar">
        <button type="button" class="skip" onClick={() => main.current?.focus()}>Skip to the content</button>
        <a class="brand" href="#home"><img src="/icon.svg" width="24" height="24" alt="" />Countersign</a>
        <nav aria-label="Pages">
          {pages.map((one) => (
            <a key={one.id} href={`#${one.id}`} aria-current={one.id === page ? 'page' : undefined}>{one.name}</a>
          ))}
        </nav>
      </header>
      <main ref={main} tabIndex={-1} id="content">
        {page === 'home' && <Home />}
        {page === 'try' && <TryIt wanted={query.get('case') ?? ''} text={text} setText={setText} />}
        {page === 'explain' && <Explain text={text} setText={setText} />}
        {page === 'rules' && <Rules wanted={query.get('rule') ?? ''} />}
        {page === 'feedback' && <Feedback />}
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root) render(<Workbench />, root);
