-- Where the open cases of a version stand: tokens per BPMN element.
SELECT token->>'node', count(*)
FROM "case" AS c, jsonb_array_elements(c.state->'tokens') AS token
WHERE c.definition_id = %(definition)s AND c.status = 'open'
GROUP BY 1
