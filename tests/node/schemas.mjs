// The JSON schemas of our messages: those of the OpenAPI document that the service serves.
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {readJson} from './messages.mjs';

const openApi = readJson('server/openapi.json');
const ajv = new Ajv.default({strict: false, allErrors: true});
addFormats.default(ajv);
ajv.addSchema(openApi, 'openapi.json');

function faults(reference, message) {
    const validate = ajv.getSchema(`openapi.json${reference}`);
    validate(message);
    return (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

/// The places at which a message departs from a schema of that name.
export const departures = (name, message) => faults(`#/components/schemas/${name}`, message);

const escaped = (text) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/// Where an answer departs from what the document says of its path, method, status and media type.
export function answerDepartures(path, method, status, mediaType, message) {
    const known = Object.keys(openApi.paths)
        .find((one) => new RegExp(`^${one.replace('$', '\\$').replace('{id}', '[^/]+')}$`).test(path));
    const responses = openApi.paths[known]?.[method.toLowerCase()]?.responses ?? {};
    const code = status in responses ? status : 'default';
    const response = responses[code];
    if (!response) return [`${method} ${path} is not described`];
    const place = response.$ref ?? ['#/paths', known, method.toLowerCase(), 'responses', code]
        .map((one, index) => index === 0 ? one : escaped(String(one))).join('/');
    const described = response.$ref
        ? openApi.components.responses[response.$ref.split('/').at(-1)] : response;
    if (!described.content[mediaType]) return [`${status} as ${mediaType} is not described`];
    return faults(`${place}/content/${escaped(mediaType)}/schema`, message);
}
