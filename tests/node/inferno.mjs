// The checks that the Inferno suite for CRD servers makes of a response, without those of coverage,
// which need a payer. `base` is CDS Hooks itself; `crd` is what the suite asks beyond it.

const isText = (value) => typeof value === 'string' && value.length > 0;
const isHttpUrl = (value) => isText(value) && /^https?:\/\/[^/?#]+/.test(value);
const isCoding = (value, names) => value && names.every((name) => isText(value[name]));
const isList = (value) => Array.isArray(value) && value.length > 0;

function* actionFaults(action, place) {
    if (!['create', 'update', 'delete'].includes(action.type)) yield `${place}: type`;
    if (!isText(action.description)) yield `${place}: description`;
    if (action.type === 'delete') {
        if (!/^[A-Za-z]+\/[A-Za-z0-9.-]+$/.test(action.resourceId ?? '')) yield `${place}: resourceId`;
    } else if (!isText(action.resource?.resourceType)) yield `${place}: resource`;
}

function* suggestionFaults(card, place) {
    if (!('suggestions' in card)) return;
    if (!isList(card.suggestions)) yield `${place}: suggestions`;
    if (!['any', 'at-most-one'].includes(card.selectionBehavior)) yield `${place}: selectionBehavior`;
    for (const [index, suggestion] of (card.suggestions ?? []).entries()) {
        const here = `${place}/suggestions/${index}`;
        if (!isText(suggestion.label)) yield `${here}: label`;
        if ('actions' in suggestion && !isList(suggestion.actions)) yield `${here}: actions`;
        for (const action of suggestion.actions ?? []) yield* actionFaults(action, here);
    }
}

function* cardFaults(card, profile, place) {
    if (!isText(card.summary) || [...card.summary].length >= 140) yield `${place}: summary`;
    if (!['info', 'warning', 'critical'].includes(card.indicator)) yield `${place}: indicator`;
    if (!isText(card.source?.label)) yield `${place}: source.label`;
    if (profile === 'crd' && !isCoding(card.source?.topic, ['code', 'system'])) {
        yield `${place}: source.topic`;
    }
    for (const name of ['uuid', 'detail']) {
        if (name in card && !isText(card[name])) yield `${place}: ${name}`;
    }
    yield* suggestionFaults(card, place);
    if ('overrideReasons' in card && !isList(card.overrideReasons)) yield `${place}: overrideReasons`;
    for (const reason of card.overrideReasons ?? []) {
        if (!isCoding(reason, ['code', 'system', 'display'])) yield `${place}: overrideReasons`;
    }
    if ('links' in card && !isList(card.links)) yield `${place}: links`;
    for (const link of card.links ?? []) {
        if (!isText(link.label) || !isHttpUrl(link.url)) yield `${place}: links`;
        if (!['absolute', 'smart'].includes(link.type)) yield `${place}: links`;
        if (link.type === 'absolute' && 'appContext' in link) yield `${place}: appContext`;
    }
}

/// Where a response fails a check of the suite.
export function responseFaults(response, profile) {
    const faults = [];
    if (!Array.isArray(response.cards)) return ['/cards'];
    for (const [index, card] of response.cards.entries()) {
        faults.push(...cardFaults(card, profile, `/cards/${index}`));
    }
    if (profile === 'crd' && !Array.isArray(response.systemActions)) faults.push('/systemActions');
    if (profile === 'base' && 'systemActions' in response && !isList(response.systemActions)) {
        faults.push('/systemActions');
    }
    for (const action of response.systemActions ?? []) {
        faults.push(...actionFaults(action, '/systemActions'));
    }
    return faults;
}

/// Members that say nothing: null, "", [] and {}, but for an empty `cards`.
export function emptyMembers(value, place = '') {
    const isEmpty = value === null || value === '' ||
        (typeof value === 'object' && Object.keys(value).length === 0);
    const found = isEmpty && place !== '/cards' ? [place] : [];
    if (value !== null && typeof value === 'object') {
        for (const [name, child] of Object.entries(value)) {
            found.push(...emptyMembers(child, `${place}/${name}`));
        }
    }
    return found;
}

/// Targets of updates and deletions that are none of the drafts.
export function strayTargets(response, request) {
    const drafts = new Set(request.context.draftOrders.entry
        .map(({resource}) => `${resource.resourceType}/${resource.id}`));
    const target = (action) => action.type === 'delete' ? action.resourceId
        : `${action.resource.resourceType}/${action.resource.id}`;
    return response.cards.flatMap((card) => card.suggestions ?? [])
        .flatMap((suggestion) => suggestion.actions ?? [])
        .filter((action) => action.type !== 'create')
        .map(target).filter((one) => !drafts.has(one));
}
